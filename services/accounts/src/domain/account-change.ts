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

/** The last change of each account, by account id, so that sets of rows are always locked in one order. */
export function lastChanges(changes: readonly AccountChange[]): AccountChange[] {
  const last = new Map<string, AccountChange>();
  for (const change of changes) {
    const known = last.get(change.accountId);
    if (known === undefined || known.version < change.version) last.set(change.accountId, change);
  }
  return [...last.values()].sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
}

/**
 * How many versions are missing between what was known of each account and these changes. Versions have no gaps, so
 * anything but zero means that an event was lost or overtaken. Repeated changes are no gap.
 */
export function missingVersions(changes: readonly AccountChange[], known: ReadonlyMap<string, number>): number {
  const reached = new Map(known);
  let missing = 0;
  for (const change of changes) {
    const before = reached.get(change.accountId) ?? 0;
    if (change.version <= before) continue;
    missing += change.version - before - 1;
    reached.set(change.accountId, change.version);
  }
  return missing;
}
