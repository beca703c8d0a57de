import type { Consent } from '@florin/sdk';
import { Button, Group, List, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { myConsentsQuery, revokeConsent } from '../../api/consent-queries.ts';
import { formatMoment } from '../../format/dates.ts';
import { formatIban, formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { BackLink } from '../../parts/back-link.tsx';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { Page } from '../../parts/page.tsx';
import { useBank } from '../../session/use-bank.ts';
import { ConfirmDialog } from '../profile/confirm-dialog.tsx';
import { SCOPE_TEXTS } from './scope-texts.ts';

/** What one allowed programs that are not the bank's, and the way to take it back. */
export function ConsentsPage() {
  const { t } = useTranslation('consents');
  const { t: shell } = useTranslation();
  const [said, setSaid] = useState('');
  const given = useQuery(myConsentsQuery(useBank()));
  return (
    <Stack gap="xs">
      <BackLink to="/profile">{shell('profile')}</BackLink>
      <Page title={t('title')} lead={t('lead')}>
        <Text role="status" size="sm" className="said-here">
          {said}
        </Text>
        <DataRegion
          query={given}
          skeleton={<Skeleton h={140} radius="lg" />}
          isEmpty={(data) => data.length === 0}
          empty={
            <Paper className="card" px="md">
              <Nothing title={t('none')} text={t('noneText')} />
            </Paper>
          }
        >
          {(data) => (
            <Stack component="ul" className="plain-list">
              {data.map((consent) => (
                <li key={consent.id}>
                  <ConsentItem consent={consent} onRevoked={() => setSaid(t('revoked'))} />
                </li>
              ))}
            </Stack>
          )}
        </DataRegion>
      </Page>
    </Stack>
  );
}

interface ConsentItemProps {
  readonly consent: Consent;
  readonly onRevoked: () => void;
}

function ConsentItem({ consent, onRevoked }: ConsentItemProps) {
  const { t } = useTranslation('consents');
  const locale = useLocale();
  const { payment } = consent;
  return (
    <Paper className="card" p={{ base: 'md', sm: 'lg' }}>
      <Group justify="space-between" align="flex-start" gap="sm" mb="sm">
        <Title order={2} size="h4">
          {consent.client.name}
        </Title>
        <Revoke consent={consent} onRevoked={onRevoked} />
      </Group>
      <List mb="sm">
        {consent.scopes.map((scope) => (
          <List.Item key={scope}>{t(SCOPE_TEXTS[scope])}</List.Item>
        ))}
      </List>
      <Facts>
        {payment && (
          <Fact label={t('payment')}>
            {t('paymentText', { amount: formatMoney(payment.amount, locale), iban: formatIban(payment.toIban) })}
          </Fact>
        )}
        <Fact label={t('since')}>{formatMoment(consent.givenAt, locale)}</Fact>
        <Fact label={t('ends')}>{formatMoment(consent.expiresAt, locale)}</Fact>
      </Facts>
    </Paper>
  );
}

function Revoke({ consent, onRevoked }: ConsentItemProps) {
  const { t } = useTranslation('consents');
  const bank = useBank();
  const queries = useQueryClient();
  const [isOpen, dialog] = useDisclosure();
  const client = consent.client.name;
  const revoking = useMutation({
    mutationFn: () => revokeConsent(bank, consent.id),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: myConsentsQuery(bank).queryKey });
      onRevoked();
    },
  });
  return (
    <>
      <Button variant="default" size="sm" aria-label={t('revokeFor', { client })} onClick={dialog.open}>
        {t('revoke')}
      </Button>
      <ConfirmDialog
        opened={isOpen}
        onClose={dialog.close}
        title={t('revokeTitle')}
        text={t('revokeText', { client })}
        confirm={t('revoke')}
        isPending={revoking.isPending}
        error={revoking.error}
        onConfirm={() => revoking.mutate()}
      />
    </>
  );
}
