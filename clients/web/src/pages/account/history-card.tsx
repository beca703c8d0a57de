import type { Account } from '@florin/sdk';
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { historyQuery } from '../../api/account-queries.ts';
import type { HistorySearch } from '../../api/history-search.ts';
import { Card } from '../../parts/card.tsx';
import { useBank } from '../../session/use-bank.ts';
import { exportAddress } from './download-addresses.ts';
import { HistoryResults } from './history-results.tsx';
import { HistoryTools } from './history-tools.tsx';

interface HistoryCardProps {
  readonly accountId: string;
  /** Undefined until it is loaded; the movements do not wait for it. */
  readonly account: Account | undefined;
}

/** Everything that happened on an account, and ways to find something in it. The address says what is looked for. */
export function HistoryCard({ accountId, account }: HistoryCardProps) {
  const { t } = useTranslation('history');
  const search = useSearch({ from: '/customer/accounts/$accountId' });
  const navigate = useNavigate({ from: '/accounts/$accountId' });
  const history = useInfiniteQuery(historyQuery(useBank(), accountId, search));
  const filtersButton = useRef<HTMLButtonElement>(null);
  const searchFor = (next: HistorySearch, { replace = false } = {}) =>
    void navigate({ search: next, replace, resetScroll: false });
  return (
    <Card
      title={t('title')}
      action={
        <Button
          component="a"
          href={exportAddress(accountId, search)}
          download
          variant="subtle"
          size="sm"
          title={t('exportHint')}
          leftSection={<Download size={16} aria-hidden />}
        >
          {t('exportCsv')}
        </Button>
      }
    >
      <HistoryTools account={account} search={search} onSearch={searchFor} filtersButton={filtersButton} />
      <HistoryResults
        accountId={accountId}
        account={account}
        search={search}
        history={history}
        onClear={() => {
          // The button that was pressed is gone with the filters.
          filtersButton.current?.focus();
          searchFor({});
        }}
      />
    </Card>
  );
}
