import type { Tx } from '@florin/postgres';
import { bucketOf, fail, ok, type Result } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import type { Actor } from '../domain/actor.ts';
import { type ApprovalRequest, decideApproval } from '../domain/approval.ts';
import type { Linked } from '../domain/challenge.ts';
import { checkDates, decideStandingOrder } from '../domain/decide-standing-order.ts';
import { AT_ANOTHER_BANK, isIbanOfBank } from '../domain/payee.ts';
import type { StandingOrder, StandingOrderFailure, StandingOrderTerms } from '../domain/standing-order.ts';
import { findAccountIdByIban, findAccounts } from '../repositories/accounts.ts';
import { type CommandKey, findCommands, insertCommands } from '../repositories/commands.ts';
import { insertChallenge, lockConfirmation, markUsed } from '../repositories/confirmations.ts';
import { countOpenOrders, insertOrder, lockOrdersOf } from '../repositories/standing-orders.ts';
import { approvalNoteOf } from './note-approval.ts';
import type { Shards, Stored } from './shards.ts';
import type { StandingOrders } from './standing-orders.ts';
import { type Answer, KnownCommands, type Outcome } from './submission.ts';
import { replayOf } from './submit-command.ts';

export interface NewOrderRequest extends CommandKey {
  readonly actor: Actor;
  readonly fingerprint: string;
  readonly wanted: Omit<StandingOrderTerms, 'id' | 'owner' | 'toAccountId' | 'createdAtMs'>;
  /** How many orders a customer may have that are not over. */
  readonly openMax: number;
  /** Whether its owner must confirm it is decided with it; absent when they are asked nothing. */
  readonly approval?: ApprovalRequest;
  /** Turns what was decided into the answer that is kept with the key. */
  present(result: Result<StandingOrder, StandingOrderFailure>): Answer;
}

/**
 * Makes a standing order, once per key: key, order and answer commit together, and a repeated key gets the stored
 * answer. Resolves to `key-reused` when the key was used for something else. See `decideStandingOrder` for the rules;
 * `invalid-date` and `invalid-payee` besides. Who makes orders in two shards at the same moment may get one more than
 * allowed; in one shard the limit is exact.
 */
export function createStandingOrder(deps: StandingOrders, request: NewOrderRequest): Promise<Outcome> {
  return deps.underKey(request.actor.subject, request, () => createHere(deps, request));
}

/** The orders of a customer that are not over, in all shards but one. */
export async function countOrdersElsewhere(
  { all }: Pick<Shards<Stored>, 'all'>,
  here: Stored,
  owner: string,
): Promise<number> {
  const counts = await Promise.all(all.filter((shard) => shard !== here).map(({ db }) => countOpenOrders(db, owner)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function createHere(deps: StandingOrders, request: NewOrderRequest): Promise<Outcome> {
  const { actor, scope, key, fingerprint } = request;
  const [payeeElsewhere, openElsewhere] = await Promise.all([
    deps.findElsewhere(request.wanted.toIban),
    deps.countElsewhere(actor.subject),
  ]);
  const outcome = await deps.db.transaction(async (tx): Promise<Outcome> => {
    await lockOrdersOf(tx, actor.subject);
    const replayed = replayOf(request, new KnownCommands(await findCommands(tx, [request])));
    if (replayed !== null) return replayed;
    const right = await decide(deps, tx, request, { payeeElsewhere, openElsewhere });
    const result = right.ok ? await approve(deps, tx, request, right.value) : right;
    const { status, body, isFinal } = request.present(result);
    if (result.ok) {
      await insertOrder(tx, result.value);
      await deps.publish(tx, [{ kind: 'action', order: result.value, action: 'create', actor }]);
    }
    if (isFinal) await insertCommands(tx, [{ scope, key, fingerprint, status, body }]);
    return { kind: 'answered', status, body, isReplay: false, versions: [] };
  });
  deps.published();
  return outcome;
}

/** What an order is decided over that is in other shards. */
interface Elsewhere {
  readonly payeeElsewhere: Account | undefined;
  readonly openElsewhere: number;
}

async function decide(
  deps: StandingOrders,
  tx: Tx,
  { wanted, actor, openMax }: NewOrderRequest,
  { payeeElsewhere, openElsewhere }: Elsewhere,
): Promise<Result<StandingOrder, StandingOrderFailure>> {
  const { nowMs, businessDate } = deps.now();
  const dates = checkDates(wanted, businessDate);
  if (!dates.ok) return dates;
  if (!isIbanOfBank(wanted.toIban, deps.bankCode)) return fail(AT_ANOTHER_BANK);
  const payeeId = payeeElsewhere?.id ?? (await findAccountIdByIban(tx, wanted.toIban));
  const accounts = await findAccounts(tx, [wanted.fromAccountId, ...(payeeId === undefined ? [] : [payeeId])]);
  const terms: StandingOrderTerms = {
    ...wanted,
    id: deps.newId(bucketOf(wanted.fromAccountId)),
    owner: actor.subject,
    toAccountId: payeeId ?? '',
    createdAtMs: nowMs,
  };
  return decideStandingOrder(terms, {
    payer: accounts.find(({ id }) => id === wanted.fromAccountId),
    payee: payeeElsewhere ?? accounts.find(({ id }) => id === payeeId),
    open: openElsewhere + (await countOpenOrders(tx, actor.subject)),
    openMax,
  });
}

/** The order when it needs no confirmation, or its own came with it, which is then used up. Fails as `decideApproval`. */
async function approve(
  { publishApproval }: StandingOrders,
  tx: Tx,
  { approval }: NewOrderRequest,
  order: StandingOrder,
): Promise<Result<StandingOrder, StandingOrderFailure>> {
  if (approval === undefined) return ok(order);
  const [payer] = await findAccounts(tx, [order.fromAccountId]);
  const { confirmationId } = approval;
  const confirmation = confirmationId === null ? undefined : await lockConfirmation(tx, confirmationId);
  const view = { exempted: () => undefined, confirmation: () => confirmation };
  const decided = decideApproval(view, approval, linkedOf(order), payer?.owners ?? []);
  if (decided.ok) {
    const { used } = decided.value;
    if (used !== null) await markUsed(tx, [used.confirmationId]);
    await publishApproval(tx, { kind: 'approved', change: decided.value });
    return ok(order);
  }
  const note = approvalNoteOf(approval, order.fromAccountId, decided.failure);
  if (note?.kind === 'asked') await insertChallenge(tx, note.challenge);
  if (note !== undefined) await publishApproval(tx, note);
  return decided;
}

function linkedOf(order: StandingOrder): Linked {
  const { fromAccountId, toIban, amountMinor, currency, reference, frequency, startDate, endDate } = order;
  return {
    kind: 'standing-order',
    debitAccountId: fromAccountId,
    payeeIban: toIban,
    amountMinor,
    currency,
    reference,
    terms: [frequency, startDate, endDate ?? ''],
  };
}
