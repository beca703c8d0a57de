import { Alert, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { trialBalanceQuery } from '../../api/staff-queries.ts';
import { currencyName } from '../../format/currencies.ts';
import { formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { Card } from '../../parts/card.tsx';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { useBank } from '../../session/use-bank.ts';
import { useBankAccountName } from './side-name.tsx';
import { type TrialGroup, type TrialRow, trialGroups } from './trial-balance-groups.ts';

/** What is on every account of the bank and on all of the customers', per currency. */
export function TrialBalanceCards() {
  const { t } = useTranslation('books');
  const trial = useQuery(trialBalanceQuery(useBank()));
  return (
    <DataRegion
      query={trial}
      skeleton={<Skeleton h={320} radius="lg" />}
      isEmpty={(data) => data.totals.length === 0}
      empty={
        <Paper className="card">
          <Nothing title={t('noAccounts')} text={t('noAccountsText')} />
        </Paper>
      }
    >
      {(data) => (
        <Stack gap="lg">
          {trialGroups(data).map((group) => (
            <CurrencyCard key={group.currency} group={group} />
          ))}
        </Stack>
      )}
    </DataRegion>
  );
}

function CurrencyCard({ group }: { readonly group: TrialGroup }) {
  const { t } = useTranslation('books');
  const locale = useLocale();
  const columns = useColumns();
  const title = t('inCurrency', { currency: currencyName(group.currency, locale) });
  return (
    <Card title={title}>
      <Stack gap="md">
        {!group.isBalanced && <Alarm group={group} />}
        <DataTable
          label={title}
          columns={columns}
          rows={group.rows}
          keyOf={({ account }) => account}
          isEven
          foot={[
            t('sum'),
            <Amount key="debit" money={group.total.debit} fw={700} />,
            <Amount key="credit" money={group.total.credit} fw={700} />,
          ]}
        />
        {group.isBalanced && (
          <Text size="sm" className="sign-good">
            <CircleCheck size={16} aria-hidden /> {t('isZero')}
          </Text>
        )}
      </Stack>
    </Card>
  );
}

function Alarm({ group: { currency, total } }: { readonly group: TrialGroup }) {
  const { t } = useTranslation('books');
  const locale = useLocale();
  return (
    <Alert color="red" variant="outline" role="alert" icon={<CircleAlert aria-hidden />} title={t('isOffTitle')}>
      {t('isOff', { amount: formatMoney(total.difference, locale), currency })}
    </Alert>
  );
}

function useColumns(): readonly Column<TrialRow>[] {
  const { t } = useTranslation('books');
  const name = useBankAccountName();
  return [
    { id: 'account', head: t('account'), isName: true, cell: ({ account }) => name(account) },
    { id: 'debit', head: t('debit'), align: 'right', cell: ({ debit }) => debit && <Amount money={debit} /> },
    { id: 'credit', head: t('credit'), align: 'right', cell: ({ credit }) => credit && <Amount money={credit} /> },
  ];
}
