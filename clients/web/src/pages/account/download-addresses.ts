import type { HistorySearch } from '../../api/history-search.ts';

/** Where the browser itself fetches what a search finds, as CSV; same filters, same order. */
export function exportAddress(accountId: string, search: HistorySearch): string {
  const query = new URLSearchParams(Object.entries(search)).toString();
  return `/v1/accounts/${accountId}/transactions/export${query === '' ? '' : `?${query}`}`;
}

/** What a statement can be had as. */
export type StatementFormat = 'pdf' | 'csv' | 'camt.053';

/** Where the browser itself fetches a statement; `period` is YYYY-MM. */
export function statementAddress(accountId: string, period: string, format: StatementFormat): string {
  return `/v1/accounts/${accountId}/statements/${period}?format=${format}`;
}
