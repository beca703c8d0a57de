import type { JournalDetail } from '@florin/sdk';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Amount } from '../../parts/amount.tsx';
import { Card } from '../../parts/card.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { type EntryLine, entryLines, sumOf } from './journal-columns.ts';
import { SideName } from './side-name.tsx';

/** Both sides of an entry under each other, and that they add up to the same. */
export function JournalPostings({ journal }: { readonly journal: JournalDetail }) {
  const { t } = useTranslation('journals');
  const columns = useColumns();
  const lines = entryLines(journal.postings);
  const [debit, credit] = [sumOf(lines.map((line) => line.debit)), sumOf(lines.map((line) => line.credit))];
  return (
    <Card title={t('postings')}>
      <DataTable
        label={t('postings')}
        columns={columns}
        rows={lines}
        keyOf={({ account, debit: out }) => `${account.accountId} ${out === null ? 'credit' : 'debit'}`}
        foot={[
          t('sum'),
          debit && <Amount key="debit" money={debit} fw={700} />,
          credit && <Amount key="credit" money={credit} fw={700} />,
          null,
        ]}
      />
    </Card>
  );
}

function useColumns(): readonly Column<EntryLine>[] {
  const { t } = useTranslation('journals');
  return [
    { id: 'account', head: t('postingAccount'), isName: true, cell: ({ account }) => <SideName side={account} /> },
    { id: 'debit', head: t('debit'), align: 'right', cell: ({ debit }) => debit && <Amount money={debit} fw={600} /> },
    {
      id: 'credit',
      head: t('credit'),
      align: 'right',
      cell: ({ credit }) => credit && <Amount money={credit} fw={600} />,
    },
    {
      id: 'after',
      head: t('balanceAfter'),
      align: 'right',
      cell: ({ balanceAfter }) =>
        balanceAfter === null ? (
          <Text size="sm" c="dimmed" title={t('notKeptHint')}>
            {t('notKept')}
          </Text>
        ) : (
          <Amount money={balanceAfter} />
        ),
    },
  ];
}
