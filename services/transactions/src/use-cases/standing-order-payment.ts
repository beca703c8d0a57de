import type { Tx } from '@florin/postgres';
import { bucketOf, invariant } from '@florin/primitives';
import { type Payment, type StandingOrder, verdictOn } from '../domain/standing-order.ts';
import type { CommandKey } from '../repositories/commands.ts';
import { findPosted, takeKeyOrFind } from '../repositories/standing-order-payments.ts';
import type { StandingOrders } from './standing-orders.ts';
import type { Present } from './submission.ts';

// A payment is a transfer under a key of its order's version. Whoever moves the order to its next version settles that
// key first: either the ledger has answered under it, or it is taken, and then the ledger never will. So a change and
// a payment are one after the other whichever process made them, and a crash between a payment and its note is settled
// by the answer. Keys are forgotten after two days; the transfer's id, which the order has from before, is not.

/** What the ledger said: the transfer it posted, or why not. */
export type LedgerAnswer = { readonly transferId: string } | { readonly code: string };

const SCOPE = 'standing-orders';
/** What is written under the key of a payment that was called off. */
const CALLED_OFF: LedgerAnswer = { code: 'called-off' };
const STATUS = { paid: 201, refused: 422 } as const;

/** The key of the payment that a version of an order may make: order, due date, version. */
function paymentKey(order: StandingOrder): CommandKey & { readonly fingerprint: string } {
  const key = `${order.id}:${order.nextDate}:${order.version}`;
  return { scope: SCOPE, key, fingerprint: key };
}

/**
 * Asks the ledger for the payment of a claimed order, as a transfer of its owner's. Null when it could not be decided
 * now: an account was busy, or the same request is still running. Throws the ledger's retryable Faults.
 */
export async function submitPayment(
  { send, newId }: Pick<StandingOrders, 'send' | 'newId'>,
  order: StandingOrder,
): Promise<LedgerAnswer | null> {
  const { transferId } = order;
  invariant(transferId !== null, 'a payment is submitted after its order was claimed');
  const present = presentAs(transferId);
  const outcome = await send({
    ...paymentKey(order),
    present,
    // Accepted is as good as booked: what the payee can not take by then is for the bank to see to.
    presentPending: present,
    presentTwoPhase: present,
    coordination: 'saga',
    command: {
      kind: 'transfer',
      id: transferId,
      feeJournalId: newId(bucketOf(order.fromAccountId)),
      actor: order.owner,
      debitAccountId: order.fromAccountId,
      creditAccountId: order.toAccountId,
      amountMinor: order.amountMinor,
      currency: order.currency,
      reference: order.reference,
    },
  });
  if (outcome.kind === 'answered') return JSON.parse(outcome.body) as LedgerAnswer;
  invariant(outcome.kind !== 'key-reused', 'the key of a payment names one request');
  return null;
}

/** Every answer is final, an unknown account too: the version it was given in is over with it. */
function presentAs(transferId: string): Present {
  return (result) => {
    const answer: LedgerAnswer = result.ok ? { transferId } : { code: result.failure.code };
    return { status: result.ok ? STATUS.paid : STATUS.refused, body: JSON.stringify(answer), isFinal: true };
  };
}

/**
 * Calls off the payment of a locked order that may be under way in any process. Null when that worked, so that it will
 * never be made; otherwise what the ledger had answered already.
 */
export async function callOffPayment(tx: Tx, order: StandingOrder): Promise<LedgerAnswer | null> {
  const { transferId } = order;
  invariant(transferId !== null, 'only a payment under way is called off');
  const body = JSON.stringify(CALLED_OFF);
  const found = await takeKeyOrFind(tx, { ...paymentKey(order), status: STATUS.refused, body });
  if (found !== undefined) return JSON.parse(found.body) as LedgerAnswer;
  return (await findPosted(tx, [transferId])).has(transferId) ? { transferId } : null;
}

/** What answers mean for their orders; asks for the accounts of those that were refused for the state of one. */
export async function judgeAnswers(
  { findAccounts }: Pick<StandingOrders, 'findAccounts'>,
  answered: readonly { readonly order: StandingOrder; readonly answer: LedgerAnswer }[],
): Promise<{ readonly order: StandingOrder; readonly payment: Payment }[]> {
  const notActive = answered.filter(({ answer }) => 'code' in answer && answer.code === 'account-not-active');
  const ids = notActive.flatMap(({ order }) => [order.fromAccountId, order.toAccountId]);
  const accounts = ids.length === 0 ? [] : await findAccounts(ids);
  const statuses = new Map(accounts.map((account) => [account.id, account.status]));
  return answered.map(({ order, answer }) => {
    if ('transferId' in answer) return { order, payment: { isPaid: true, transferId: answer.transferId } };
    const both = [order.fromAccountId, order.toAccountId].flatMap((id) => statuses.get(id) ?? []);
    return { order, payment: { isPaid: false, code: answer.code, verdict: verdictOn(answer.code, both) } };
  });
}
