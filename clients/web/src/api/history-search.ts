import type { Category } from '@florin/sdk';

/** What a history is searched for; also the search part of the page's address, so it survives reload and sharing. */
export interface HistorySearch {
  readonly q?: string;
  readonly direction?: 'in' | 'out';
  readonly category?: Category;
  readonly from?: string;
  readonly to?: string;
  readonly minAmount?: string;
  readonly maxAmount?: string;
}
