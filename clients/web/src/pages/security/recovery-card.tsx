import { answerOf } from '@florin/sdk';
import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { Card } from '../../parts/card.tsx';
import { useBank } from '../../session/use-bank.ts';
import { ConfirmDialog } from '../profile/confirm-dialog.tsx';
import type { FactorCardProps } from './factor-card.ts';
import { useFactorChange } from './use-factor-change.ts';

/** How many recovery codes are left, and new ones. */
export function RecoveryCard({ factors, onChanged }: FactorCardProps) {
  const { t } = useTranslation('security');
  const { api } = useBank();
  const [isOpen, dialog] = useDisclosure();
  const making = useFactorChange(
    () => answerOf(api.POST('/v1/me/mfa/recovery-codes')),
    ({ recoveryCodes }) => {
      dialog.close();
      onChanged({ recoveryCodes });
    },
  );
  const hasFactor = factors.totp !== null || factors.passkeys.length > 0;
  const count = factors.recoveryCodesLeft;
  const left = count === 0 ? t('recoveryEmpty') : t('recoveryLeft', { count });
  return (
    <Card title={t('recovery')}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{t('recoveryText')}</Text>
        <Text size="sm" fw={600}>
          {hasFactor ? left : t('recoveryNone')}
        </Text>
        {hasFactor && factors.fresh && (
          <Button variant="default" onClick={dialog.open}>
            {t('recoveryMake')}
          </Button>
        )}
      </Stack>
      <ConfirmDialog
        opened={isOpen}
        onClose={dialog.close}
        title={t('recoveryMakeTitle')}
        text={t('recoveryMakeText')}
        confirm={t('recoveryMake')}
        isPending={making.isPending}
        error={making.error}
        onConfirm={() => making.mutate(undefined)}
      />
    </Card>
  );
}
