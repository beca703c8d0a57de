import './staff.css';
import type { Customer } from '@florin/sdk';
import { Button, CloseButton, Stack, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { type FormEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { readSearchText, SEARCH_TEXT_LENGTH_MAX } from '../../api/history-search.ts';
import { customersQuery } from '../../api/staff-queries.ts';
import { formatDay } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Card } from '../../parts/card.tsx';
import { Nothing } from '../../parts/data-region.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { LinkAnchor } from '../../parts/links.tsx';
import { Page } from '../../parts/page.tsx';
import { PagedRegion, RowsSkeleton } from '../../parts/paged-region.tsx';
import { SEARCH_KEY, useSearchKey } from '../../parts/search-key.tsx';
import { useBank } from '../../session/use-bank.ts';

/** Finding a customer. The search is in the address. */
export function CustomersPage() {
  const { t } = useTranslation('staffCustomers');
  const { q } = useSearch({ from: '/staff/customers' });
  const navigate = useNavigate();
  const search = (text: string | undefined) =>
    void navigate({ to: '/staff/customers', search: text === undefined ? {} : { q: text } });
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Card title={q === undefined ? t('latest') : t('resultsFor', { text: q })}>
        <Stack gap="lg">
          <SearchForm q={q} onSearch={search} key={q} />
          <Found q={q} onClear={() => search(undefined)} />
        </Stack>
      </Card>
    </Page>
  );
}

function SearchForm({
  q,
  onSearch,
}: {
  readonly q: string | undefined;
  readonly onSearch: (text: string | undefined) => void;
}) {
  const { t } = useTranslation('staffCustomers');
  const input = useRef<HTMLInputElement>(null);
  const hasKey = useSearchKey(input);

  function submit(event: FormEvent): void {
    event.preventDefault();
    onSearch(readSearchText(input.current?.value ?? ''));
  }

  return (
    <search>
      <form onSubmit={submit} noValidate>
        <div className="search-row">
          <TextInput
            ref={input}
            type="search"
            label={t('search')}
            description={t('searchHint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            defaultValue={q ?? ''}
            aria-keyshortcuts={hasKey ? SEARCH_KEY : undefined}
            autoComplete="off"
            enterKeyHint="search"
            maxLength={SEARCH_TEXT_LENGTH_MAX}
            leftSection={<Search size={18} aria-hidden />}
            rightSection={
              q !== undefined && <CloseButton aria-label={t('clear')} onClick={() => onSearch(undefined)} />
            }
          />
          <Button type="submit" className="beside-field">
            {t('submit')}
          </Button>
        </div>
      </form>
    </search>
  );
}

function Found({ q, onClear }: { readonly q: string | undefined; readonly onClear: () => void }) {
  const { t } = useTranslation('staffCustomers');
  const customers = useInfiniteQuery(customersQuery(useBank(), q));
  const columns = useColumns();
  return (
    <PagedRegion
      query={customers}
      itemsOf={({ data }) => data}
      skeleton={<RowsSkeleton rows={8} />}
      nothing={() =>
        q === undefined ? (
          <Nothing title={t('none')} text={t('noneText')} />
        ) : (
          <Nothing
            state="filtered"
            title={t('notFound')}
            text={t('notFoundText')}
            action={
              <Button variant="default" onClick={onClear}>
                {t('clear')}
              </Button>
            }
          />
        )
      }
    >
      {(found) => <DataTable label={t('title')} columns={columns} rows={found} keyOf={({ id }) => id} />}
    </PagedRegion>
  );
}

function useColumns(): readonly Column<Customer>[] {
  const { t } = useTranslation('staffCustomers');
  const locale = useLocale();
  return [
    {
      id: 'name',
      head: t('name'),
      isName: true,
      cell: ({ id, name }) => (
        <LinkAnchor to="/staff/customers/$customerId" params={{ customerId: id }}>
          {name}
        </LinkAnchor>
      ),
    },
    { id: 'email', head: t('email'), cell: ({ emailMasked }) => emailMasked },
    {
      id: 'since',
      head: t('since'),
      cell: ({ registeredAt }) => (
        <Text size="sm" className="nowrap">
          {formatDay(registeredAt, locale)}
        </Text>
      ),
    },
  ];
}
