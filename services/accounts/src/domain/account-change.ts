import { categoryOf } from './categorise.ts';
import type { Category } from './category.ts';

/** One change of an account in the ledger, as its event tells it. Amounts stay text: they go to SQL as they came. */
export interface AccountChange {
  readonly accountId: string;
  readonly version: number;
  readonly currency: string;
  readonly status: string;
  readonly postedMinor: string;
  readonly heldMinor: string;
  readonly overdraftMinor: string;
  readonly changedAt: string;
  readonly lines: readonly ChangeLine[];
}

export interface ChangeLine {
  readonly journalId: string;
  readonly kind: string;
  readonly amountMinor: string;
  readonly balanceAfterMinor: string;
  readonly counterpartyIban: string | null;
  readonly counterpartyName: string | null;
  readonly reference: string;
  readonly bookedAt: string;
  readonly valueDate: string;
}

/** The changes of one account in a chunk, as far as its balance is concerned. */
export interface AccountRun {
  readonly last: AccountChange;
  /** From this version up to the last one nothing is missing. */
  readonly unbrokenFrom: number;
}

/** One run an account, by account id, so that sets of rows are always locked in one order. */
export function runsOf(changes: readonly AccountChange[]): AccountRun[] {
  const byAccount = new Map<string, AccountChange[]>();
  for (const change of changes) {
    const known = byAccount.get(change.accountId);
    if (known === undefined) byAccount.set(change.accountId, [change]);
    else known.push(change);
  }
  const ids = [...byAccount.keys()].sort();
  return ids.flatMap((id) => runOf(byAccount.get(id) ?? []) ?? []);
}

function runOf(changes: readonly AccountChange[]): AccountRun | undefined {
  const [newest, ...older] = changes.length === 1 ? changes : changes.toSorted((a, b) => b.version - a.version);
  if (newest === undefined) return undefined;
  let unbrokenFrom = newest.version;
  for (const { version } of older) {
    if (version < unbrokenFrom - 1) break;
    unbrokenFrom = version;
  }
  return { last: newest, unbrokenFrom };
}

/** A line of a change as the history keeps it. */
export interface NewLine extends ChangeLine {
  readonly accountId: string;
  readonly version: number;
  /** Counts within one change. */
  readonly line: number;
  readonly category: Category;
}

/** The lines of changes, each with its place in the history of its account and its category. */
export function newLinesOf(changes: readonly AccountChange[]): NewLine[] {
  return changes.flatMap(({ accountId, version, lines }) =>
    lines.map((line, index) => ({
      ...line,
      accountId,
      version,
      line: index,
      category: categoryOf({ ...line, isDebit: line.amountMinor.startsWith('-') }),
    })),
  );
}
