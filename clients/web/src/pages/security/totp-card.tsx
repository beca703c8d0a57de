import { answerOf } from '@florin/sdk';
import { Button, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDay } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Card } from '../../parts/card.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { ConfirmDialog } from '../profile/confirm-dialog.tsx';
import type { FactorCardProps } from './factor-card.ts';
import { type BegunTotp, TotpSetUp } from './totp-set-up.tsx';
import { useFactorChange } from './use-factor-change.ts';

/** The authenticator app: none, being set up, or there. */
export function TotpCard(props: FactorCardProps) {
  const { t } = useTranslation('security');
  const locale = useLocale();
  const { factors } = props;
  return (
    <Card title={t('totp')}>
      <Stack gap="sm" align="flex-start">
        {factors.totp === null ? (
          <NoApp {...props} />
        ) : (
          <>
            <Text size="sm">{t('totpSince', { day: formatDay(factors.totp.since, locale) })}</Text>
            {factors.fresh && <RemoveApp {...props} />}
          </>
        )}
      </Stack>
    </Card>
  );
}

function NoApp({ factors, onChanged }: FactorCardProps) {
  const { t } = useTranslation('security');
  const { api } = useBank();
  const [begun, setBegun] = useState<BegunTotp>();
  const beginning = useFactorChange(() => answerOf(api.POST('/v1/me/mfa/totp')), setBegun);
  if (begun !== undefined) return <TotpSetUp begun={begun} onChanged={onChanged} />;
  return (
    <>
      <Text size="sm">{t('totpText')}</Text>
      {beginning.isError && <ProblemNotice error={beginning.error} />}
      {factors.fresh && (
        <Button loading={beginning.isPending} onClick={() => beginning.mutate(undefined)}>
          {t('totpBegin')}
        </Button>
      )}
    </>
  );
}

function RemoveApp({ onChanged }: FactorCardProps) {
  const { t } = useTranslation('security');
  const { api } = useBank();
  const [isOpen, dialog] = useDisclosure();
  const removing = useFactorChange(
    () => answerOf(api.DELETE('/v1/me/mfa/totp')),
    () => {
      dialog.close();
      onChanged({ text: t('totpRemoved') });
    },
  );
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        {t('totpRemove')}
      </Button>
      <ConfirmDialog
        opened={isOpen}
        onClose={dialog.close}
        title={t('totpRemoveTitle')}
        text={t('totpRemoveText')}
        confirm={t('totpRemove')}
        isPending={removing.isPending}
        error={removing.error}
        onConfirm={() => removing.mutate(undefined)}
      />
    </>
  );
}
