import './staff.css';
import { ApiProblem, type Journal } from '@florin/sdk';
import { Badge, Button, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { JournalSearch } from '../../api/journal-search.ts';
import { journalsQuery } from '../../api/staff-queries.ts';
import { formatMoment } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { Card } from '../../parts/card.tsx';
import { Nothing } from '../../parts/data-region.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { LinkAnchor } from '../../parts/links.tsx';
import { Page } from '../../parts/page.tsx';
import { PagedRegion, RowsSkeleton } from '../../parts/paged-region.tsx';
import { useBank } from '../../session/use-bank.ts';
import { JournalChips, JournalFilters } from './journal-filters.tsx';
import { SideName } from './side-name.tsx';

/** The journals of the ledger. What they are narrowed by is in the address. */
export function JournalsPage() {
  const { t } = useTranslation('journals');
  const search = useSearch({ from: '/staff/journals' });
  const navigate = useNavigate();
  const change = (next: JournalSearch) => void navigate({ to: '/staff/journals', search: next });
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Card title={t('filters')}>
        <JournalFilters search={search} onChange={change} key={JSON.stringify(search)} />
      </Card>
      <Card title={t('list')}>
        <Stack gap="md">
          <JournalChips search={search} onChange={change} />
          <FoundJournals search={search} onClear={() => change({})} />
        </Stack>
      </Card>
    </Page>
  );
}

function FoundJournals({ search, onClear }: { readonly search: JournalSearch; readonly onClear: () => void }) {
  const { t } = useTranslation('journals');
  const journals = useInfiniteQuery(journalsQuery(useBank(), search));
  const columns = useColumns();
  const isFiltered = Object.keys(search).length > 0;
  // An IBAN of another bank is no failure: nothing was booked on it here.
  if (journals.error instanceof ApiProblem && journals.error.code === 'account-not-found') {
    return <NothingFound text={t('unknownIban')} isWhole onClear={onClear} />;
  }
  return (
    <PagedRegion
      query={journals}
      itemsOf={({ data }) => data}
      skeleton={<RowsSkeleton rows={8} />}
      nothing={(isWhole) =>
        isFiltered ? (
          <NothingFound
            text={t(isWhole ? 'nothingFoundText' : 'nothingFoundYetText')}
            isWhole={isWhole}
            onClear={onClear}
          />
        ) : (
          <Nothing title={t('none')} text={t('noneText')} />
        )
      }
    >
      {(found) => <DataTable label={t('list')} columns={columns} rows={found} keyOf={({ id }) => id} />}
    </PagedRegion>
  );
}

function NothingFound({
  text,
  isWhole,
  onClear,
}: {
  readonly text: string;
  readonly isWhole: boolean;
  readonly onClear: () => void;
}) {
  const { t } = useTranslation('journals');
  const { t: shell } = useTranslation();
  return (
    <Nothing
      state="filtered"
      title={t(isWhole ? 'nothingFound' : 'nothingFoundYet')}
      text={text}
      action={
        <Button variant="default" onClick={onClear}>
          {shell('clearFilters')}
        </Button>
      }
    />
  );
}

function useColumns(): readonly Column<Journal>[] {
  const { t } = useTranslation('journals');
  const locale = useLocale();
  return [
    {
      id: 'entry',
      head: t('open'),
      isName: true,
      cell: ({ id, kind, bookedAt }) => (
        <div className="two-lines">
          <LinkAnchor to="/staff/journals/$journalId" params={{ journalId: id }} size="sm">
            {t(`kind.${kind}`)}
          </LinkAnchor>
          <Text size="xs" c="dimmed" fw={400} className="nowrap">
            {formatMoment(bookedAt, locale)}
          </Text>
        </div>
      ),
    },
    { id: 'debit', head: t('debit'), cell: ({ debit }) => <SideName side={debit} /> },
    { id: 'credit', head: t('credit'), cell: ({ credit }) => <SideName side={credit} /> },
    {
      id: 'reference',
      head: t('reference'),
      cell: ({ reference, reversedBy }) =>
        reference === '' && reversedBy === undefined ? null : (
          <>
            <Text size="sm">{reference}</Text>
            {reversedBy !== undefined && <Badge>{t('isReversed')}</Badge>}
          </>
        ),
    },
    { id: 'amount', head: t('amount'), align: 'right', cell: ({ amount }) => <Amount money={amount} fw={600} /> },
  ];
}
