import type { Posting } from '@florin/sdk';

/** What one request for lines of a history answers. */
export interface HistoryPage {
  readonly data: readonly Posting[];
  readonly nextCursor: string | null;
}

/** Lines of a history from one place to another, newest first. */
export interface HistoryStretch {
  readonly lines: readonly Posting[];
  /** Where to go on; null when the history ends here. */
  readonly nextCursor: string | null;
  /** The moment the search has come back to, when it stopped before it had a page full. */
  readonly searchedBackTo?: string;
}

/** How often one go asks on while nothing is found: the bank looks through thousands of lines for each. */
const EMPTY_REQUESTS_MAX = 5;

interface HistorySource {
  readonly pageSize: number;
  /** One page of what is searched for. */
  readonly page: (cursor: string | undefined) => Promise<HistoryPage>;
  /** The first line at or after a place, whatever it is; undefined when there is none, or it could not be read. */
  readonly lineAt: (cursor: string) => Promise<Posting | undefined>;
}

/**
 * Reads on from a place until there is something to show, the history ends, or it has asked often enough. The bank
 * searches a bounded stretch at a time, so an answer may hold few lines, or none, and still not be the last.
 */
export async function readStretch(source: HistorySource, from: string | undefined): Promise<HistoryStretch> {
  let cursor = from;
  for (let asked = 1; ; asked += 1) {
    const { data, nextCursor } = await source.page(cursor);
    if (nextCursor === null || data.length >= source.pageSize) return { lines: data, nextCursor };
    if (data.length > 0 || asked === EMPTY_REQUESTS_MAX) {
      const next = await source.lineAt(nextCursor);
      return { lines: data, nextCursor, ...(next === undefined ? {} : { searchedBackTo: next.bookedAt }) };
    }
    cursor = nextCursor;
  }
}
