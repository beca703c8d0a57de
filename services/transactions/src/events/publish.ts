import {
  type AccountChanged,
  accountChanged,
  type TransferReversed,
  transferCompleted,
  transferReversed,
} from '@florin/contracts';
import { type OutgoingEvent, outboxStatement } from '@florin/messaging';
import type { Statement } from '@florin/postgres';
import type { Clock } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import type { AuditNote } from '../domain/audit-note.ts';
import type { Journal, Posting } from '../domain/journal.ts';
import type { Context, Decision, LedgerView } from '../domain/ledger-view.ts';
import { systemAccountName } from '../domain/system-account.ts';
import type { Traces } from '../use-cases/batch-traces.ts';
import type { ApprovalNote } from '../use-cases/submission.ts';
import { approvalNoteEvent, usedEvents } from './publish-approvals.ts';
import { noteEvent } from './record.ts';

/** RFC 3339: when the bank says it happened, and when it was really written down. */
export interface EventTimes {
  /** By the business clock. */
  readonly bookedAt: string;
  /** By the system's clock: how late an event arrives is measured from here. */
  readonly writtenAt: string;
}

/** Whether halves of transfers commit one after the other, or both at once: then the payer's half says that it is whole. */
export type Halves = 'one-after-the-other' | 'at-once';

/** What a batch says to the world, as the row that commits with it; null when nobody needs to know. */
export function createOutbox(source: string, clock: Clock, halves: Halves = 'one-after-the-other') {
  return (
    decisions: readonly Decision[],
    view: LedgerView,
    { nowMs }: Context,
    notes: readonly AuditNote[] = [],
    approvals: readonly ApprovalNote[] = [],
    traces?: Traces,
  ): Statement | null => {
    const when = { bookedAt: new Date(nowMs).toISOString(), writtenAt: new Date(clock()).toISOString() };
    const events = [
      ...decisions.flatMap((decision) =>
        eventsOf(decision, view, when, halves).map((event) => traced(event, traces?.get(decision))),
      ),
      ...notes.map((note) => traced(noteEvent(note, when.writtenAt), traces?.get(note))),
      ...approvals.map((note) => traced(approvalNoteEvent(note, when.writtenAt), traces?.get(note))),
    ];
    return events.length === 0 ? null : outboxStatement(source, events);
  };
}

function traced(event: OutgoingEvent, traceparent: string | undefined): OutgoingEvent {
  return traceparent === undefined ? event : { ...event, traceparent };
}

/**
 * The events of a decision: one `account-changed` for every customer account it touched, and one for a transfer that was
 * completed or taken back. Who asked for it goes on record beside them.
 */
export function eventsOf(
  decision: Decision,
  view: LedgerView,
  when: EventTimes,
  halves: Halves = 'one-after-the-other',
): OutgoingEvent[] {
  const events = decision.accounts.map((account) => accountEvent(account, decision, view, when));
  for (const journal of decision.journals) {
    // Half of a transfer, or of a reversal, is none: its saga says when it is completed.
    if (isWholeTransfer(journal, halves)) events.push(completedEvent(journal, when));
    else if (journal.kind === 'reversal' && journal.otherParty === null) events.push(reversedEvent(journal, when));
  }
  if (decision.approval !== undefined) events.push(...usedEvents(decision.approval, when.writtenAt));
  return events;
}

function isWholeTransfer({ kind, otherParty, debitAccountId, postings }: Journal, halves: Halves): boolean {
  if (kind !== 'transfer') return false;
  return (
    otherParty === null || (halves === 'at-once' && postings.some(({ accountId }) => accountId === debitAccountId))
  );
}

function accountEvent(account: Account, decision: Decision, view: LedgerView, when: EventTimes): OutgoingEvent {
  const data: AccountChanged = {
    accountId: account.id,
    version: account.version,
    currency: account.currency,
    status: account.status,
    postedMinor: account.postedMinor.toString(),
    heldMinor: account.heldMinor.toString(),
    overdraftMinor: account.overdraftMinor.toString(),
    changedAt: when.bookedAt,
    lines: linesOf(account, decision, view, when.bookedAt),
  };
  return {
    topic: accountChanged.topic,
    key: account.id,
    id: `${account.id}:${account.version}`,
    data,
    time: when.writtenAt,
  };
}

function linesOf(account: Account, decision: Decision, view: LedgerView, time: string): AccountChanged['lines'] {
  const lines: AccountChanged['lines'] = [];
  for (const journal of decision.journals) {
    for (const posting of journal.postings) {
      if (posting.accountId === account.id) lines.push(lineOf(journal, posting, view, time));
    }
  }
  return lines;
}

function lineOf(journal: Journal, posting: Posting, view: LedgerView, time: string): AccountChanged['lines'][number] {
  const otherId = posting.accountId === journal.debitAccountId ? journal.creditAccountId : journal.debitAccountId;
  const other = view.account(otherId);
  return {
    journalId: journal.id,
    kind: journal.kind,
    amountMinor: posting.amountMinor.toString(),
    balanceAfterMinor: (posting.balanceAfterMinor ?? 0n).toString(),
    counterpartyAccountId: otherId,
    counterpartyIban: other?.iban ?? journal.otherParty?.iban ?? null,
    counterpartyName: other?.holderName ?? journal.otherParty?.name ?? systemAccountName(otherId),
    reference: journal.reference,
    bookedAt: time,
    valueDate: journal.valueDate,
  };
}

function completedEvent(journal: Journal, when: EventTimes): OutgoingEvent {
  return {
    topic: transferCompleted.topic,
    key: journal.id,
    id: journal.id,
    data: transferFacts(journal, when.bookedAt),
    time: when.writtenAt,
  };
}

function reversedEvent(journal: Journal, when: EventTimes): OutgoingEvent {
  const transferId = journal.reversalOf ?? journal.id;
  const facts = transferFacts(journal, when.bookedAt);
  const reversal = { ...facts, transferId, reversalId: journal.id, reason: journal.reason ?? '' };
  return reversalEvent(reversal, when.writtenAt);
}

/** A transfer was taken back. */
export function reversalEvent(reversal: TransferReversed, writtenAt: string): OutgoingEvent {
  const { reversalId, transferId } = reversal;
  return { topic: transferReversed.topic, key: transferId, id: reversalId, data: reversal, time: writtenAt };
}

function transferFacts(journal: Journal, time: string) {
  return {
    transferId: journal.id,
    fromAccountId: journal.debitAccountId,
    toAccountId: journal.creditAccountId,
    amountMinor: journal.amountMinor.toString(),
    currency: journal.currency,
    reference: journal.reference,
    actor: journal.actor,
    bookedAt: time,
    valueDate: journal.valueDate,
  };
}
