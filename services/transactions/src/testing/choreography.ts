import { transferCompleted, transferFailed } from '@florin/contracts';
import type { OutgoingEvent, ReceivedEvent } from '@florin/messaging';
import { invariant, ok, type Result } from '@florin/primitives';
import { type Choreography, checkChoreography, type JsonObject, type Reaction } from '@florin/saga';
import { decide } from '../domain/decide.ts';
import type { LedgerFailure } from '../domain/failures.ts';
import type { Context, Decision, LedgerDraft } from '../domain/ledger-view.ts';
import { checkCredit, findAccount } from '../domain/rules.ts';
import { type Crossing, fromInput, receiveOf, toInput } from '../sagas/crossing-transfer.ts';

// A transfer between two shards that nobody conducts, for the benchmark to hold the other ways against. The bank itself
// does not do it so: a shard that never speaks again would be noticed by nobody.

const DEBITED = 'choreographed.debited.v1';
const CREDITED = 'choreographed.credited.v1';
const CREDIT_REFUSED = 'choreographed.credit-refused.v1';

const checked = checkChoreography({
  type: 'choreographed-transfer',
  begins: DEBITED,
  reactions: [
    { participant: 'payee', on: DEBITED, does: 'credit', says: CREDITED, orSays: CREDIT_REFUSED },
    { participant: 'payer', on: CREDITED, does: 'complete', says: transferCompleted.topic, orSays: null },
    { participant: 'payer', on: CREDIT_REFUSED, does: 'refund', says: transferFailed.topic, orSays: null },
  ],
  ends: [transferCompleted.topic, transferFailed.topic],
  deadlineMs: 60_000,
});
invariant(checked.ok, 'the choreography comes to an end');

export const CHOREOGRAPHED: Choreography = checked.value;

/** What every event on the way says. */
interface Said {
  readonly crossing: Crossing;
  /** When the payer's side was booked, and for which day. */
  readonly bookedAt: string;
  readonly valueDate: string;
  /** Why the payee's side was refused; empty when it was not. */
  readonly code: string;
}

/** Something that was heard, and what is to be done about it. */
export interface Heard extends Said {
  readonly reaction: Reaction;
  /** The account of this shard that it concerns. */
  readonly accountId: string;
}

/** A change of the books and what is said of it, to be committed together. */
export interface Spoken {
  readonly decision: Decision;
  readonly event: OutgoingEvent;
}

/** Reads an event of one of the two shards. */
export function heardOf(event: ReceivedEvent): Heard {
  const reaction = CHOREOGRAPHED.reactions.find(({ on }) => on === event.type);
  invariant(reaction !== undefined, `somebody listens to ${event.type}`);
  const said = event.data as Omit<Said, 'crossing'> & { readonly crossing: JsonObject };
  const crossing = fromInput(said.crossing);
  const { accountId } = reaction.participant === 'payee' ? crossing.payee : crossing.payer;
  return { ...said, crossing, reaction, accountId };
}

/** What is said when the payer's side is booked: the money is in clearing. */
export function debited(crossing: Crossing, { journals: [journal] }: Decision): OutgoingEvent {
  invariant(journal !== undefined, 'a debit has a journal');
  const bookedAt = new Date(journal.bookedAtMs).toISOString();
  return eventOf(DEBITED, { crossing, bookedAt, valueDate: journal.valueDate, code: '' }, bookedAt);
}

/** Does what is to be done about what was heard. `refundId` is the id of the refund's journal, should there be one. */
export function react(draft: LedgerDraft, heard: Heard, refundId: string, context: Context): Spoken {
  const { reaction } = heard;
  const decided = decideReaction(draft, heard, refundId, context);
  const time = new Date(context.nowMs).toISOString();
  if (decided.ok) {
    draft.evolve(decided.value);
    return { decision: decided.value, event: eventOf(reaction.says, heard, time) };
  }
  invariant(reaction.orSays !== null, `it is not refused to ${reaction.does}`);
  const { code } = decided.failure;
  return { decision: nothing(), event: eventOf(reaction.orSays, { ...heard, code }, time) };
}

function decideReaction(
  draft: LedgerDraft,
  { crossing, reaction }: Heard,
  refundId: string,
  context: Context,
): Result<Decision, LedgerFailure> {
  const { payer, payee, amountMinor, currency } = crossing;
  if (reaction.does === 'credit') {
    const found = findAccount(draft, payee.accountId);
    const taken = found.ok ? checkCredit(found.value, amountMinor, currency) : found;
    return taken.ok ? decide(draft, receiveOf(crossing), context) : taken;
  }
  // It is over, and known to be from the record of this step.
  if (reaction.does === 'complete') return ok(nothing());
  // Out of clearing again. What the transfer was charged is not given back.
  return decide(draft, receiveOf({ ...crossing, transferId: refundId, payer: payee, payee: payer }), context);
}

/** A new one each time: what is said is known by the decision. */
function nothing(): Decision {
  return { journals: [], accounts: [], hold: null };
}

function eventOf(topic: string, said: Said, time: string): OutgoingEvent {
  const { transferId } = said.crossing;
  return { topic, key: transferId, id: transferId, time, data: dataOf(topic, said, time) };
}

/** On the way what the other shard needs, in the end what the world hears of every transfer. */
function dataOf(topic: string, { crossing, bookedAt, valueDate, code }: Said, time: string): object {
  if (!CHOREOGRAPHED.ends.includes(topic)) return { crossing: toInput(crossing), bookedAt, valueDate, code };
  const { transferId, payer, payee, amountMinor, currency, reference, actor } = crossing;
  const accounts = { fromAccountId: payer.accountId, toAccountId: payee.accountId };
  const facts = { transferId, ...accounts, amountMinor: `${amountMinor}`, currency, reference, actor };
  return topic === transferCompleted.topic ? { ...facts, bookedAt, valueDate } : { ...facts, code, failedAt: time };
}
