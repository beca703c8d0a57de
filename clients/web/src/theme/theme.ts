import { Alert, Badge, type CSSVariablesResolver, createTheme, Paper, Skeleton } from '@mantine/core';
import { FOREST, NIGHT, SIGNS, STONE } from './tokens.ts';

type Shades = [string, string, string, string, string, string, string, string, string, string];

/** Targets are at least this high (WCAG 2.5.8 asks for 24, phones for 44 where a thumb decides about money). */
const CONTROL_HEIGHT = '2.75rem';

/** Mantine in the colours of the bank; every text colour is from `tokens.ts`, whose contrast a test computes. */
export const theme = createTheme({
  primaryColor: 'forest',
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  colors: {
    forest: [...FOREST] as Shades,
    gray: [...STONE] as Shades,
    dark: [...NIGHT] as Shades,
  },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, monospace',
  headings: { fontFamily: "'Inter Variable', system-ui, sans-serif", fontWeight: '650' },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '10px', lg: '16px', xl: '24px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Alert: Alert.extend({ vars: (_theme, { color = '' }) => ({ root: alertSigns(color) }) }),
    Badge: Badge.extend({
      defaultProps: { variant: 'default', radius: 'sm' },
      styles: { label: { textTransform: 'none' } },
    }),
    Paper: Paper.extend({ defaultProps: { radius: 'lg' } }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: 'md' } }),
    Button: { defaultProps: { size: 'md' } },
    TextInput: { defaultProps: { size: 'md' } },
    PasswordInput: { defaultProps: { size: 'md' } },
    NativeSelect: { defaultProps: { size: 'md' } },
    Textarea: { defaultProps: { size: 'md' } },
  },
});

/** Titles and edges of notices in the signs whose contrast is computed; Mantine's yellow can not be read on white. */
const ALERT_SIGNS: Readonly<Record<string, string>> = {
  red: 'var(--florin-negative)',
  yellow: 'var(--florin-warning)',
  forest: 'var(--florin-positive)',
  gray: 'var(--mantine-color-dimmed)',
};

function alertSigns(color: string): { '--alert-color'?: string; '--alert-bd'?: string } {
  const sign = ALERT_SIGNS[color];
  return sign === undefined ? {} : { '--alert-color': sign, '--alert-bd': `1px solid ${sign}` };
}

/** Mantine's own signs replaced by ours, and ours added as `--florin-*`. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: { '--florin-control-height': CONTROL_HEIGHT },
  light: schemeVariables(SIGNS.light),
  dark: schemeVariables(SIGNS.dark),
});

function schemeVariables(signs: (typeof SIGNS)['light' | 'dark']): Record<string, string> {
  return {
    '--mantine-color-body': signs.body,
    '--mantine-color-text': signs.text,
    '--mantine-color-dimmed': signs.dimmed,
    '--mantine-color-placeholder': signs.dimmed,
    '--mantine-color-error': signs.negative,
    '--mantine-color-anchor': signs.accent,
    '--mantine-color-default-border': signs.border,
    '--mantine-primary-color-light-color': signs.accent,
    '--florin-surface': signs.surface,
    '--florin-border': signs.border,
    '--florin-positive': signs.positive,
    '--florin-negative': signs.negative,
    '--florin-warning': signs.warning,
    '--florin-accent': signs.accent,
  };
}
