import { Alert, Button, Stack, Text } from '@mantine/core';
import { CircleCheck, CircleHelp, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckedName } from './payment-draft.ts';

const LOOKS: Readonly<Record<CheckedName['result'], { readonly color: string; readonly icon: LucideIcon }>> = {
  match: { color: 'forest', icon: CircleCheck },
  'close-match': { color: 'yellow', icon: Info },
  'no-match': { color: 'red', icon: TriangleAlert },
  'not-possible': { color: 'gray', icon: CircleHelp },
};

/**
 * What the bank found out about a name before anything is paid to it, in words, and what can be done: take the name it
 * knows, or go on. `children` is for who insists on a name that is not the holder's.
 */
export function NameCheckNotice({
  checked,
  onAccept,
  isAccepting = false,
  children,
}: {
  readonly checked: CheckedName;
  /** Takes the name the bank knows. */
  readonly onAccept: (suggestedName: string) => void;
  readonly isAccepting?: boolean;
  readonly children?: ReactNode;
}) {
  const { t } = useTranslation('payment');
  const { color, icon: Icon } = LOOKS[checked.result];
  const { result, name, suggestedName } = checked;
  return (
    <Alert color={color} variant="outline" role="note" icon={<Icon aria-hidden />} title={t(`check.${result}.title`)}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {result === 'close-match' && suggestedName === undefined
            ? t('check.closeUnnamed', { name })
            : t(`check.${result}.text`, { name, suggestedName: suggestedName ?? '' })}
        </Text>
        {suggestedName !== undefined && (
          <Button
            variant="default"
            className="wrapping-button"
            loading={isAccepting}
            onClick={() => onAccept(suggestedName)}
          >
            {t('check.accept', { name: suggestedName })}
          </Button>
        )}
        {result === 'no-match' && children}
      </Stack>
    </Alert>
  );
}
