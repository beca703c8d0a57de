import { fail, type IsoDate, ok, type Result } from '@florin/primitives';
import type { LedgerFailure } from './failures.ts';
import type { JournalKind } from './journal.ts';

/** A search of the books as people type it; what is absent is not asked for. Dates are booking dates in UTC. */
export interface JournalSearch {
  readonly kind?: JournalKind;
  readonly from?: string;
  readonly to?: string;
  readonly q?: string;
}

/** What to keep of the journals. */
export interface JournalFilter {
  readonly kind?: JournalKind;
  /** Part of the reference, in lower case. */
  readonly text?: string;
  readonly bookedFromMs?: number;
  /** The first moment that is too late. */
  readonly bookedBeforeMs?: number;
}

/** Earlier than any journal; dates before it are typing errors. */
const EARLIEST: IsoDate = '1900-01-01';
const DAY_MS = 86_400_000;

/** Reads a search. Fails with `invalid-date` for a day that no calendar has. */
export function journalFilter(search: JournalSearch): Result<JournalFilter, LedgerFailure> {
  const from = search.from === undefined ? undefined : startOfDayMs(search.from);
  const to = search.to === undefined ? undefined : startOfDayMs(search.to);
  if (from === null || to === null) {
    return fail({ code: 'invalid-date', detail: 'The dates of a search must be days of the calendar, YYYY-MM-DD.' });
  }
  return ok({
    ...(search.kind === undefined ? {} : { kind: search.kind }),
    ...(search.q === undefined ? {} : { text: search.q.toLowerCase() }),
    ...(from === undefined ? {} : { bookedFromMs: from }),
    ...(to === undefined ? {} : { bookedBeforeMs: to + DAY_MS }),
  });
}

export function isFiltering(filter: JournalFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

function startOfDayMs(date: string): number | null {
  const at = new Date(`${date}T00:00:00Z`);
  if (Number.isNaN(at.getTime()) || date < EARLIEST) return null;
  return at.toISOString().slice(0, 10) === date ? at.getTime() : null;
}
