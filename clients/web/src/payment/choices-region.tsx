import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { payeesQuery } from '../api/payment-queries.ts';
import { accountsQuery } from '../api/queries.ts';
import { DataRegion, Nothing } from '../parts/data-region.tsx';
import { LinkButton } from '../parts/links.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useBank } from '../session/use-bank.ts';
import { type PaymentChoices, payingAccounts } from './payment-draft.ts';

const SKELETONS = ['from', 'to', 'amount', 'reference'];

/**
 * What a payment is chosen from: the accounts, without which there is none, and the payees, without which one can still
 * pay somebody by name and IBAN.
 */
export function ChoicesRegion({
  children,
}: {
  readonly children: (choices: PaymentChoices, payeesNotice: ReactNode | undefined) => ReactNode;
}) {
  const { t } = useTranslation('payment');
  const bank = useBank();
  const accounts = useQuery(accountsQuery(bank));
  const payees = useQuery(payeesQuery(bank));
  const skeleton = (
    <Stack gap="lg">
      {SKELETONS.map((name) => (
        <Skeleton key={name} h={68} />
      ))}
    </Stack>
  );
  const failed = payees.isError && payees.data === undefined;
  const payeesNotice = failed ? (
    <ProblemNotice error={payees.error} title={t('payeesFailed')} onRetry={() => void payees.refetch()} />
  ) : undefined;
  return (
    <DataRegion
      query={accounts}
      skeleton={skeleton}
      isEmpty={(data) => payingAccounts(data).length === 0}
      empty={
        <Nothing
          title={t('noAccount')}
          text={t('noAccountText')}
          action={<LinkButton to="/accounts">{t('toAccounts')}</LinkButton>}
        />
      }
    >
      {(data) => (payees.isPending ? skeleton : children({ accounts: data, payees: payees.data ?? [] }, payeesNotice))}
    </DataRegion>
  );
}
