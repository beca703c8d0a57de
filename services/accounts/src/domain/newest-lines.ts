import { type AccountChange, type NewLine, newLinesOf } from './account-change.ts';
import { type HistoryLine, isBefore, type Place } from './history.ts';

/** As many lines as the longest page that is answered from them. */
export const NEWEST_PAGE_MAX = 50;
/** One more, which tells whether a full page is the last. */
export const NEWEST_LINES_MAX = NEWEST_PAGE_MAX + 1;

/** The newest lines of an account as of a version, and the balance that they lead to. */
export interface NewestLines {
  readonly version: number;
  readonly postedMinor: bigint;
  /** When what was read from the database is too old to be added to, by the system's clock. */
  readonly goodUntilMs: number;
  /** Newest first. Fewer than `NEWEST_LINES_MAX` are all there are. */
  readonly lines: readonly HistoryLine[];
}

/**
 * What becomes of the newest lines with changes of their account, which may come twice, late, or with some missing between.
 * Where some are missing nothing is added: what is there stays true of its version. Undefined when a line came late that
 * belongs among those that are there.
 */
export function withChanges(known: NewestLines, changes: readonly AccountChange[]): NewestLines | undefined {
  const inOrder = changes.toSorted((one, other) => one.version - other.version);
  const late = newLinesOf(inOrder.filter(({ version }) => version <= known.version));
  if (!late.every((line) => isAccountedFor(known.lines, line))) return undefined;
  let next = known;
  for (const change of inOrder) if (change.version === next.version + 1) next = withChange(next, change);
  return next;
}

function withChange({ goodUntilMs, lines }: NewestLines, change: AccountChange): NewestLines {
  const added = newLinesOf([change]).map(lineOf).reverse();
  return {
    version: change.version,
    postedMinor: BigInt(change.postedMinor),
    goodUntilMs,
    lines: [...added, ...lines].slice(0, NEWEST_LINES_MAX),
  };
}

/** Whether a line is there, or too old to be. */
function isAccountedFor(lines: readonly HistoryLine[], place: Place): boolean {
  const oldest = lines.at(-1);
  if (lines.length === NEWEST_LINES_MAX && oldest !== undefined && isBefore(place, oldest)) return true;
  return lines.some(({ version, line }) => version === place.version && line === place.line);
}

/** A line as the history will answer it. */
function lineOf({ accountId: _, amountMinor, balanceAfterMinor, bookedAt, ...line }: NewLine): HistoryLine {
  return {
    ...line,
    amountMinor: BigInt(amountMinor),
    balanceAfterMinor: BigInt(balanceAfterMinor),
    bookedAtMs: Date.parse(bookedAt),
  };
}
