import type { Account, Posting } from '@florin/sdk';
import { Button, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { historyQuery } from '../../api/account-queries.ts';
import type { HistorySearch } from '../../api/history-search.ts';
import { bankDate, formatDate, formatDay } from '../../format/dates.ts';
import { formatIban } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { Card } from '../../parts/card.tsx';
import { Nothing } from '../../parts/data-region.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { LinkAnchor } from '../../parts/links.tsx';
import { PagedRegion, RowsSkeleton } from '../../parts/paged-region.tsx';
import { usePostingTitle } from '../../parts/posting-row.tsx';
import { useBank } from '../../session/use-bank.ts';
import { HistoryChips, HistoryFilters } from './history-filters.tsx';

interface StaffHistoryProps {
  readonly accountId: string;
  readonly account: Account | undefined;
}

/** What happened on an account, as a table; what it is narrowed by is in the address. */
export function StaffHistory({ accountId, account }: StaffHistoryProps) {
  const { t } = useTranslation('staffAccount');
  const { iban, ...search } = useSearch({ from: '/staff/accounts/$accountId' });
  const navigate = useNavigate();
  const change = (next: HistorySearch) =>
    void navigate({
      to: '/staff/accounts/$accountId',
      params: { accountId },
      search: { ...(iban === undefined ? {} : { iban }), ...next },
      resetScroll: false,
    });
  return (
    <Card title={t('history')}>
      <Stack gap="md">
        <HistoryFilters search={search} onChange={change} key={JSON.stringify(search)} />
        <HistoryChips search={search} currency={account?.currency} onChange={change} />
        <FoundLines accountId={accountId} search={search} onClear={() => change({})} />
      </Stack>
    </Card>
  );
}

function FoundLines({
  accountId,
  search,
  onClear,
}: {
  readonly accountId: string;
  readonly search: HistorySearch;
  readonly onClear: () => void;
}) {
  const { t } = useTranslation('history');
  const { t: staffAccount } = useTranslation('staffAccount');
  const { t: shell } = useTranslation();
  const history = useInfiniteQuery(historyQuery(useBank(), accountId, search));
  const columns = useColumns();
  const isFiltered = Object.keys(search).length > 0;
  return (
    <PagedRegion
      query={history}
      itemsOf={({ lines }) => lines}
      skeleton={<RowsSkeleton rows={8} />}
      note={<HowFar searchedBackTo={history.data?.pages.at(-1)?.searchedBackTo} />}
      nothing={(isWhole) =>
        isFiltered ? (
          <Nothing
            state="filtered"
            title={t(isWhole ? 'nothingFound' : 'nothingFoundYet')}
            text={t('nothingFoundText')}
            action={
              <Button variant="default" onClick={onClear}>
                {shell('clearFilters')}
              </Button>
            }
          />
        ) : (
          <Nothing title={t('none')} text={t('noneText')} />
        )
      }
    >
      {(lines) => <DataTable label={staffAccount('history')} columns={columns} rows={lines} keyOf={({ id }) => id} />}
    </PagedRegion>
  );
}

/** Where a search has got to that stopped before it had a page full. */
function HowFar({ searchedBackTo }: { readonly searchedBackTo: string | undefined }) {
  const { t } = useTranslation('history');
  const locale = useLocale();
  if (searchedBackTo === undefined) return null;
  return (
    <Text size="sm" c="dimmed" ta="center">
      {t('searchedBackTo', { day: formatDate(bankDate(new Date(searchedBackTo)), locale) })}
    </Text>
  );
}

function useColumns(): readonly Column<Posting>[] {
  const { t } = useTranslation('staffAccount');
  const { t: account } = useTranslation('account');
  const locale = useLocale();
  const title = usePostingTitle();
  return [
    {
      id: 'booked',
      head: t('booked'),
      cell: ({ bookedAt }) => (
        <Text size="sm" className="nowrap">
          {formatDay(bookedAt, locale)}
        </Text>
      ),
    },
    {
      id: 'counterparty',
      head: t('counterparty'),
      isName: true,
      cell: (posting) => (
        <div className="two-lines">
          <Text size="sm" fw={600}>
            {title(posting)}
          </Text>
          {posting.counterparty.iban !== null && (
            <Text size="xs" c="dimmed" fw={400} className="iban-text">
              {formatIban(posting.counterparty.iban)}
            </Text>
          )}
          {posting.reference !== '' && (
            <Text size="xs" c="dimmed" fw={400}>
              {posting.reference}
            </Text>
          )}
        </div>
      ),
    },
    {
      id: 'category',
      head: t('category'),
      cell: ({ category }) => <Text size="sm">{account(`category.${category}`)}</Text>,
    },
    {
      id: 'amount',
      head: t('amount'),
      align: 'right',
      cell: ({ amount }) => <Amount money={amount} signed fw={600} />,
    },
    {
      id: 'after',
      head: t('balanceAfter'),
      align: 'right',
      cell: ({ balanceAfter }) => <Amount money={balanceAfter} size="sm" />,
    },
    {
      id: 'entry',
      head: t('entry'),
      cell: ({ journalId }) => (
        <LinkAnchor to="/staff/journals/$journalId" params={{ journalId }} size="sm" className="nowrap">
          {t('openEntry')}
        </LinkAnchor>
      ),
    },
  ];
}
