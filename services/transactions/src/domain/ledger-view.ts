import type { Account } from './account.ts';
import type { ApprovalChange, ApprovalView, Confirmation } from './approval.ts';
import type { Hold } from './hold.ts';
import type { Journal } from './journal.ts';
import type { Exempted } from './payment-risk.ts';

/** A journal as far as a reversal needs to know it. */
export interface JournalFacts {
  readonly id: string;
  readonly kind: Journal['kind'];
  readonly debitAccountId: string;
  readonly creditAccountId: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
  readonly isReversed: boolean;
  /** It is one half of a transfer whose other account is in another shard's books. */
  readonly isHalf: boolean;
  /** The saga that takes it back, or has; of a transfer between two shards, in the payer's books. */
  readonly claimedBy: string | null;
  /** Who was refused a reversal of this journal for lack of funds. */
  readonly refusedReversalActors: readonly string[];
}

/** What a command is decided over: the rows that were locked for it, as changed by the commands before it. */
export interface LedgerView extends ApprovalView {
  account(id: string): Account | undefined;
  hold(id: string): Hold | undefined;
  journal(id: string): JournalFacts | undefined;
}

/** Which saga takes a transfer between two shards back: from now on, or no more. */
export interface ReversalClaim {
  readonly journalId: string;
  readonly sagaId: string;
  readonly isGivenUp: boolean;
}

/** What accepting a command changes: whole new states, so that applying them is assignment. */
export interface Decision {
  readonly journals: readonly Journal[];
  readonly accounts: readonly Account[];
  readonly hold: Hold | null;
  readonly claim?: ReversalClaim;
  readonly approval?: ApprovalChange;
}

/** How often somebody paid from an account without confirming. */
export interface ExemptedRow extends Exempted {
  readonly accountId: string;
  readonly subject: string;
}

/** When a command is decided. The business date may differ from the clock's. */
export interface Context {
  readonly nowMs: number;
  readonly businessDate: string;
}

/** A view that decisions can be applied to; `mark` and `rewind` undo an atomic batch that failed half way. */
export class LedgerDraft implements LedgerView {
  readonly #accounts = new Map<string, Account>();
  readonly #holds = new Map<string, Hold>();
  readonly #journals = new Map<string, JournalFacts>();
  readonly #exempted = new Map<string, Exempted>();
  readonly #confirmations = new Map<string, Confirmation>();
  readonly #loaded: ReadonlySet<string>;
  #undo: (() => void)[] | null = null;

  constructor(loaded: {
    readonly accounts: readonly Account[];
    readonly holds?: readonly Hold[];
    readonly journals?: readonly JournalFacts[];
    readonly exempted?: readonly ExemptedRow[];
    readonly confirmations?: readonly Confirmation[];
  }) {
    this.#loaded = new Set(loaded.accounts.map((account) => account.id));
    for (const account of loaded.accounts) this.#accounts.set(account.id, account);
    for (const hold of loaded.holds ?? []) this.#holds.set(hold.id, hold);
    for (const journal of loaded.journals ?? []) this.#journals.set(journal.id, journal);
    for (const row of loaded.exempted ?? []) this.#exempted.set(payerKey(row.accountId, row.subject), row);
    for (const confirmation of loaded.confirmations ?? []) this.#confirmations.set(confirmation.id, confirmation);
  }

  account(id: string): Account | undefined {
    return this.#accounts.get(id);
  }

  /** Whether the account was there before anything was decided. */
  isLoaded(id: string): boolean {
    return this.#loaded.has(id);
  }

  hold(id: string): Hold | undefined {
    return this.#holds.get(id);
  }

  journal(id: string): JournalFacts | undefined {
    return this.#journals.get(id);
  }

  exempted(accountId: string, subject: string): Exempted | undefined {
    return this.#exempted.get(payerKey(accountId, subject));
  }

  confirmation(id: string): Confirmation | undefined {
    return this.#confirmations.get(id);
  }

  accounts(): Iterable<Account> {
    return this.#accounts.values();
  }

  /** Applies what was decided, so that the next command sees it. */
  evolve(decision: Decision): void {
    for (const account of decision.accounts) this.#put(this.#accounts, account.id, account);
    if (decision.hold !== null) this.#put(this.#holds, decision.hold.id, decision.hold);
    for (const journal of decision.journals) {
      if (journal.reversalOf !== null) this.#markReversed(journal.reversalOf);
    }
    if (decision.claim !== undefined) this.#claim(decision.claim);
    if (decision.approval !== undefined) this.#approve(decision.approval);
  }

  /** Remembers who was refused a reversal, so that a second person in the same batch may force it. */
  refuseReversal(journalId: string, actor: string): void {
    const journal = this.#journals.get(journalId);
    if (journal === undefined) return;
    const refusedReversalActors = [...journal.refusedReversalActors, actor];
    this.#put(this.#journals, journalId, { ...journal, refusedReversalActors });
  }

  /** From here on, `rewind` takes back everything that evolves. */
  mark(): void {
    this.#undo = [];
  }

  /** What evolved since `mark` stays. */
  settle(): void {
    this.#undo = null;
  }

  rewind(): void {
    for (const undo of (this.#undo ?? []).reverse()) undo();
    this.#undo = null;
  }

  #markReversed(journalId: string): void {
    const journal = this.#journals.get(journalId);
    if (journal !== undefined) this.#put(this.#journals, journalId, { ...journal, isReversed: true });
  }

  #claim({ journalId, sagaId, isGivenUp }: ReversalClaim): void {
    const journal = this.#journals.get(journalId);
    if (journal === undefined || (isGivenUp && journal.claimedBy !== sagaId)) return;
    this.#put(this.#journals, journalId, { ...journal, claimedBy: isGivenUp ? null : sagaId });
  }

  #approve({ accountId, subject, exempted, used }: ApprovalChange): void {
    if (exempted !== null) this.#put(this.#exempted, payerKey(accountId, subject), exempted);
    const confirmation = used === null ? undefined : this.#confirmations.get(used.confirmationId);
    if (confirmation !== undefined) this.#put(this.#confirmations, confirmation.id, { ...confirmation, isUsed: true });
  }

  #put<Value>(map: Map<string, Value>, id: string, value: Value): void {
    if (this.#undo !== null) {
      const before = map.get(id);
      this.#undo.push(() => (before === undefined ? map.delete(id) : map.set(id, before)));
    }
    map.set(id, value);
  }
}

/** An id holds no space. */
function payerKey(accountId: string, subject: string): string {
  return `${accountId} ${subject}`;
}
