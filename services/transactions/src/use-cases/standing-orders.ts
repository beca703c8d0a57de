import type { Database, Tx } from '@florin/postgres';
import type { IsoDate, NewId } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import type { Context } from '../domain/ledger-view.ts';
import type { Change } from '../domain/standing-order.ts';
import type { StandingOrderFact } from '../domain/standing-order-facts.ts';
import { insertExecutions } from '../repositories/standing-order-executions.ts';
import { updateOrders } from '../repositories/standing-orders.ts';
import type { NamedRequest } from './claim-key.ts';
import type { KeyedTransfer } from './keyed-transfer.ts';
import type { Approvals } from './request-approval.ts';
import type { ApprovalFact, Outcome } from './submission.ts';

/** What the use cases of standing orders work with. */
export interface StandingOrders {
  /** For the orders themselves; money moves by `send` and nowhere else. */
  readonly db: Database;
  /** See `moveMoney`. */
  readonly send: (keyed: KeyedTransfer) => Promise<Outcome>;
  /** See `underKey`; the shard is that of these orders. */
  readonly underKey: (caller: string, request: NamedRequest, work: () => Promise<Outcome>) => Promise<Outcome>;
  readonly newId: NewId;
  /** The business clock. */
  readonly now: () => Context;
  /** Four letters in every IBAN of this bank. */
  readonly bankCode: string;
  /** The account of an IBAN in another shard; undefined when it would be in this one, or there is none. */
  readonly findElsewhere: (iban: string) => Promise<Account | undefined>;
  /** Accounts by id, in whatever shard. */
  readonly findAccounts: (ids: readonly string[]) => Promise<Account[]>;
  /** How many orders of a customer that are not over are in the other shards. */
  readonly countElsewhere: (owner: string) => Promise<number>;
  /** Writes facts with the transaction they happened in. */
  readonly publish: (tx: Tx, facts: readonly StandingOrderFact[]) => Promise<void>;
  /** The same of who had to confirm an order. */
  readonly publishApproval: (tx: Tx, fact: ApprovalFact) => Promise<void>;
  /** Called after a commit with facts in it. */
  readonly published: () => void;
  /** Called when an owner has paid an IBAN. */
  readonly notePaid: (owner: string, iban: string) => void;
}

/** Standing orders, each with the account it pays from. */
export interface ShardedOrders {
  readonly all: readonly StandingOrders[];
  ofId(id: string): StandingOrders;
  /** The business date. */
  today(): IsoDate;
  readonly notePaid: StandingOrders['notePaid'];
  readonly approvals: Approvals;
}

/** Writes what happened to locked orders, and says so. Of several changes to one order the last is how it stays. */
export async function writeChanges(
  { publish }: Pick<StandingOrders, 'publish'>,
  tx: Tx,
  changes: readonly Change[],
  atMs: number,
): Promise<void> {
  const last = new Map(changes.map(({ order }) => [order.id, order]));
  const executed = changes.flatMap(({ order, execution }) => (execution === null ? [] : [{ order, execution }]));
  await updateOrders(tx, [...last.values()], atMs);
  if (executed.length === 0) return;
  await insertExecutions(
    tx,
    executed.map(({ order, execution }) => ({ ...execution, orderId: order.id, atMs })),
  );
  await publish(
    tx,
    executed.map((each) => ({ kind: 'executed', ...each, atMs })),
  );
}
