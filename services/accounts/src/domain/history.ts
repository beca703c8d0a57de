import type { IsoDate } from '@florin/primitives';
import type { Category } from './category.ts';

/** A line's place in the history of an account: `line` counts within one change. */
export interface Place {
  readonly version: number;
  readonly line: number;
}

/** One line of an account's history. */
export interface HistoryLine extends Place {
  readonly journalId: string;
  readonly kind: string;
  /** Positive came in, negative went out. */
  readonly amountMinor: bigint;
  readonly balanceAfterMinor: bigint;
  readonly counterpartyIban: string | null;
  readonly counterpartyName: string | null;
  readonly reference: string;
  readonly bookedAtMs: number;
  readonly valueDate: IsoDate;
  readonly category: Category;
}

/** What to keep of a history; everything that is absent is not asked for. Dates are booking dates in UTC, inclusive. */
export interface HistoryFilter {
  readonly from?: IsoDate;
  readonly to?: IsoDate;
  readonly direction?: 'in' | 'out';
  readonly category?: Category;
  /** Part of the reference, or of the other side's name or IBAN; case does not matter. */
  readonly text?: string;
  /** Bounds of the amount without its sign. */
  readonly minMinor?: bigint;
  readonly maxMinor?: bigint;
}

export interface HistoryPage {
  readonly lines: readonly HistoryLine[];
  /** Where the next page goes on; null on the last one. */
  readonly next: Place | null;
}

/** Whether lines must be looked at to know which are meant; dates alone are a stretch of history. */
export function isSearching({ from: _from, to: _to, ...filter }: HistoryFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

/** Versions of an account, both ends included. */
export interface VersionSpan {
  readonly first: number;
  readonly last: number;
}

/** Whether a line is older than a place, as pages go from the newest back. */
export function isBefore(line: Place, place: Place): boolean {
  return line.version < place.version || (line.version === place.version && line.line < place.line);
}

/** The same rule that the read model applies in SQL, for lines that came straight from the ledger. */
export function matches(line: HistoryLine, filter: HistoryFilter): boolean {
  const bookedOn = new Date(line.bookedAtMs).toISOString().slice(0, 10);
  const size = line.amountMinor < 0n ? -line.amountMinor : line.amountMinor;
  if (filter.from !== undefined && bookedOn < filter.from) return false;
  if (filter.to !== undefined && bookedOn > filter.to) return false;
  if (filter.direction === 'in' && line.amountMinor < 0n) return false;
  if (filter.direction === 'out' && line.amountMinor > 0n) return false;
  if (filter.category !== undefined && line.category !== filter.category) return false;
  if (filter.minMinor !== undefined && size < filter.minMinor) return false;
  if (filter.maxMinor !== undefined && size > filter.maxMinor) return false;
  return filter.text === undefined || holdsText(line, filter.text);
}

function holdsText(line: HistoryLine, text: string): boolean {
  const wanted = text.toLowerCase();
  return [line.reference, line.counterpartyName, line.counterpartyIban].some(
    (field) => field?.toLowerCase().includes(wanted) === true,
  );
}
