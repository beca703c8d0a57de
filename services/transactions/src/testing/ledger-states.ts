import type { Account } from '../domain/account.ts';
import type { Command } from '../domain/command.ts';
import { decide } from '../domain/decide.ts';
import type { Hold } from '../domain/hold.ts';
import { type Context, type Decision, type JournalFacts, LedgerDraft } from '../domain/ledger-view.ts';

export const TODAY = '2026-03-10';
export const YESTERDAY = '2026-03-09';
export const NOW_MS = Date.parse(`${TODAY}T12:00:00Z`);
export const CONTEXT: Context = { nowMs: NOW_MS, businessDate: TODAY };

/** An account of alice with 100.00 in it, and what a test wants different. */
export function accountWith(more: Partial<Account> = {}): Account {
  return {
    id: 'a',
    iban: 'NL00FLRN0000000001',
    holderName: 'Alice',
    currency: 'EUR',
    status: 'active',
    owners: ['alice'],
    postedMinor: 10_000n,
    heldMinor: 0n,
    overdraftMinor: 0n,
    version: 7,
    controlVersion: 3,
    dailyLimitMinor: 1_000_000n,
    day: TODAY,
    spentTodayMinor: 0n,
    transferFeeMinor: 0n,
    ...more,
  };
}

/** An account of bob with nothing in it. */
export function payeeWith(more: Partial<Account> = {}): Account {
  return accountWith({ id: 'b', owners: ['bob'], holderName: 'Bob', postedMinor: 0n, version: 1, ...more });
}

/** An open hold of 30.00 on the account of alice. */
export function holdWith(more: Partial<Hold> = {}): Hold {
  return {
    id: 'h',
    accountId: 'a',
    amountMinor: 3_000n,
    capturedMinor: 0n,
    currency: 'EUR',
    status: 'open',
    reference: 'hotel',
    day: TODAY,
    expiresAtMs: null,
    sagaId: null,
    ...more,
  };
}

/** A transfer of 40.00 from alice to bob. */
export function journalWith(more: Partial<JournalFacts> = {}): JournalFacts {
  return {
    id: 'j',
    kind: 'transfer',
    debitAccountId: 'a',
    creditAccountId: 'b',
    amountMinor: 4_000n,
    currency: 'EUR',
    reference: 'rent',
    isReversed: false,
    isHalf: false,
    claimedBy: null,
    refusedReversalActors: [],
    ...more,
  };
}

interface State {
  readonly accounts?: readonly Account[];
  readonly holds?: readonly Hold[];
  readonly journals?: readonly JournalFacts[];
}

/** What the rules decide over a state: `ok` or the code of the refusal, and the decision. */
export function outcomeOf(
  state: State,
  command: Command,
  context: Context = CONTEXT,
): { readonly code: string; readonly decision: Decision | null } {
  const result = decide(new LedgerDraft({ accounts: [], ...state }), command, context);
  return result.ok ? { code: 'ok', decision: result.value } : { code: result.failure.code, decision: null };
}

/** The account as a decision leaves it. */
export function accountAfter(decision: Decision | null, id: string): Account | undefined {
  return decision?.accounts.find((account) => account.id === id);
}

/** The postings of a decision as `account amount`, journal by journal. */
export function postingsOf(decision: Decision | null): string[][] {
  return (decision?.journals ?? []).map((journal) =>
    journal.postings.map((posting) => `${posting.accountId} ${posting.amountMinor}`),
  );
}
