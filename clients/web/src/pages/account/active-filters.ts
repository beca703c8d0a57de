import type { Category } from '@florin/sdk';
import type { HistorySearch } from '../../api/history-search.ts';

/** One thing a history is narrowed by, and the parts of the search it is made of. */
export type ActiveFilter = { readonly parts: readonly (keyof HistorySearch)[] } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'direction'; readonly direction: 'in' | 'out' }
  | { readonly kind: 'category'; readonly category: Category }
  | { readonly kind: 'days'; readonly from?: string; readonly to?: string }
  | { readonly kind: 'amount'; readonly least?: string; readonly most?: string }
);

/** What is in force, in the order of the form; two bounds of one thing are one filter. */
export function activeFilters(search: HistorySearch): ActiveFilter[] {
  const { q, direction, category, from, to, minAmount, maxAmount } = search;
  const filters: ActiveFilter[] = [];
  if (q !== undefined) filters.push({ kind: 'text', parts: ['q'], text: q });
  if (direction !== undefined) filters.push({ kind: 'direction', parts: ['direction'], direction });
  if (category !== undefined) filters.push({ kind: 'category', parts: ['category'], category });
  if (from !== undefined || to !== undefined) {
    filters.push({
      kind: 'days',
      parts: ['from', 'to'],
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
  }
  if (minAmount !== undefined || maxAmount !== undefined) {
    filters.push({
      kind: 'amount',
      parts: ['minAmount', 'maxAmount'],
      ...(minAmount === undefined ? {} : { least: minAmount }),
      ...(maxAmount === undefined ? {} : { most: maxAmount }),
    });
  }
  return filters;
}
