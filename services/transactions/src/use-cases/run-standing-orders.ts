import { bucketOf, Fault } from '@florin/primitives';
import { afterPayment, type StandingOrder } from '../domain/standing-order.ts';
import { findPosted } from '../repositories/standing-order-payments.ts';
import { claimOrders, lockDueOrders, lockOrders } from '../repositories/standing-orders.ts';
import { judgeAnswers, type LedgerAnswer, submitPayment } from './standing-order-payment.ts';
import { type StandingOrders, writeChanges } from './standing-orders.ts';

/** Payments asked for at once: few beside the hundreds that a batch of the ledger takes. */
const PAYMENTS_PER_ROUND_MAX = 32;
/** Orders among which customers take turns; a customer has at most a hundred of them. */
const WINDOW_MAX = 1_024;
/** What is left is due again a second later; whoever closes the service waits for one run at most. */
const ROUNDS_PER_RUN_MAX = 32;
/**
 * How long an order is left to the process that took it: longer than the ledger may take to answer. It is also the pause
 * after which a payment is asked for again whose account was busy. When it is too short work is done twice, not payments.
 */
const CLAIM_SECONDS = 30;

interface Settled {
  readonly order: StandingOrder;
  readonly answer: LedgerAnswer;
}

/**
 * Pays what is due by the business clock, each order date by date in their order, customers taking turns. Any number of
 * processes may do so at once, and any may die at any point: each date is paid once. Answers how many payments were
 * decided. Throws, after the others were seen to, what kept one from being decided.
 */
export async function runStandingOrders(deps: StandingOrders): Promise<number> {
  const errors: unknown[] = [];
  let decided = 0;
  for (let round = 0; round < ROUNDS_PER_RUN_MAX; round += 1) {
    const claimed = await claimDue(deps);
    if (claimed.length === 0) break;
    const settled = await settleAll(deps, claimed, errors);
    await noteAll(deps, settled, errors);
    decided += settled.length;
    // Some waited for a busy account, or the ledger is away: whoever closes the service must not wait for more of that.
    if (settled.length < claimed.length) break;
  }
  if (errors.length > 0) throw errors[0];
  return decided;
}

/** An order of the round, and whether an earlier process may have paid it. */
interface Claimed {
  readonly order: StandingOrder;
  readonly isInDoubt: boolean;
}

function claimDue({ db, newId, now }: StandingOrders): Promise<Claimed[]> {
  return db.transaction(async (tx) => {
    const limits = { windowMax: WINDOW_MAX, rowsMax: PAYMENTS_PER_ROUND_MAX };
    const due = await lockDueOrders(tx, now().businessDate, limits);
    if (due.length === 0) return [];
    const claimed = due.map((order) => {
      const transferId = order.transferId ?? newId(bucketOf(order.fromAccountId));
      return { order: { ...order, transferId }, isInDoubt: order.transferId !== null };
    });
    await claimOrders(
      tx,
      claimed.map(({ order }) => order),
      CLAIM_SECONDS,
    );
    return claimed;
  });
}

/** Has the payments of a round decided, side by side; those that could not be are left out. */
async function settleAll(deps: StandingOrders, claimed: readonly Claimed[], errors: unknown[]): Promise<Settled[]> {
  const inDoubt = claimed.flatMap(({ order, isInDoubt }) => (isInDoubt ? (order.transferId ?? []) : []));
  const posted = inDoubt.length === 0 ? new Set<string>() : await findPosted(deps.db, inDoubt);
  const settled = await Promise.all(
    claimed.map(async ({ order }) => {
      const { transferId } = order;
      if (transferId !== null && posted.has(transferId)) return { order, answer: { transferId } };
      const answer = await submitPayment(deps, order).catch((error: unknown) => {
        errors.push(error);
        return null;
      });
      return answer === null ? null : { order, answer };
    }),
  );
  return settled.filter((each) => each !== null);
}

/** Writes down what became of a round: together, or one by one when that fails, so that one can not hold up the rest. */
async function noteAll(deps: StandingOrders, settled: readonly Settled[], errors: unknown[]): Promise<void> {
  if (settled.length === 0) return;
  try {
    await note(deps, settled);
  } catch (error) {
    if (error instanceof Fault || settled.length === 1) errors.push(error);
    else for (const each of settled) await noteAll(deps, [each], errors);
  }
}

async function note(deps: StandingOrders, settled: readonly Settled[]): Promise<void> {
  const { nowMs, businessDate } = deps.now();
  const judged = await judgeAnswers(deps, settled);
  await deps.db.transaction(async (tx) => {
    const locked = await lockOrders(
      tx,
      settled.map(({ order }) => order.id),
    );
    const versions = new Map(locked.map(({ id, version }) => [id, version]));
    // Another version means that somebody else settled this payment and went on from there.
    const ours = judged.filter(({ order }) => versions.get(order.id) === order.version);
    if (ours.length === 0) return;
    const changes = ours.map(({ order, payment }) => afterPayment(order, payment, businessDate));
    await writeChanges(deps, tx, changes, nowMs);
  });
  deps.published();
  for (const { order, payment } of judged) if (payment.isPaid) deps.notePaid(order.owner, order.toIban);
}
