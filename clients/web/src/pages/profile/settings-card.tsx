import { Input, NativeSelect, SegmentedControl, Stack, Switch, useMantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { LANGUAGES } from '../../i18n/i18n.ts';
import { Card } from '../../parts/card.tsx';
import { useSingleKeys } from '../../parts/search-key.tsx';

const SCHEMES = [
  { value: 'light', label: 'appearanceLight' },
  { value: 'dark', label: 'appearanceDark' },
  { value: 'auto', label: 'appearanceAuto' },
] as const;

/** How the page looks, and in which language as soon as there is more than one. */
export function SettingsCard() {
  const { t } = useTranslation('profile');
  return (
    <Card title={t('settings')}>
      <Stack gap="md" maw={460}>
        <Appearance />
        {LANGUAGES.length > 1 && <Language />}
        <SingleKeys />
      </Stack>
    </Card>
  );
}

function Appearance() {
  const { t } = useTranslation('profile');
  const { t: shell } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Input.Wrapper label={t('appearance')} description={t('appearanceHint')} size="md" labelElement="div">
      <SegmentedControl
        fullWidth
        size="md"
        mt="xs"
        aria-label={t('appearance')}
        data={SCHEMES.map(({ value, label }) => ({ value, label: shell(label) }))}
        value={colorScheme}
        onChange={(value) => {
          const scheme = SCHEMES.find((one) => one.value === value);
          if (scheme !== undefined) setColorScheme(scheme.value);
        }}
      />
    </Input.Wrapper>
  );
}

function Language() {
  const { t, i18n } = useTranslation('profile');
  return (
    <NativeSelect
      label={t('language')}
      data={LANGUAGES.map((value) => ({ value, label: t(`languageName.${value}`) }))}
      value={i18n.resolvedLanguage ?? 'en'}
      onChange={({ currentTarget: { value } }) => void i18n.changeLanguage(value)}
    />
  );
}

function SingleKeys() {
  const { t } = useTranslation('profile');
  const [isOn, setIsOn] = useSingleKeys();
  return (
    <Switch
      size="md"
      label={t('singleKeys')}
      description={t('singleKeysHint')}
      checked={isOn}
      onChange={({ currentTarget: { checked } }) => setIsOn(checked)}
    />
  );
}
