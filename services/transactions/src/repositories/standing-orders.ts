import { type Executor, sql, type Tx } from '@florin/postgres';
import type { Frequency } from '../domain/schedule.ts';
import { isOver, type StandingOrder, type StandingOrderStatus } from '../domain/standing-order.ts';

interface Row {
  id: string;
  owner: string;
  from_account: string;
  to_account: string;
  to_iban: string;
  payee_name: string;
  amount: bigint;
  currency: string;
  reference: string;
  frequency: Frequency;
  start_date: string;
  end_date: string | null;
  created_at: Date;
  status: StandingOrderStatus;
  paused_because: string | null;
  next_date: string | null;
  attempts: number;
  try_on: string | null;
  transfer_id: string | null;
  version: bigint;
}

const COLUMNS = sql`id, owner, from_account, to_account, to_iban, payee_name, amount, currency, reference, frequency,
  start_date, end_date, created_at, status, paused_because, next_date, attempts, try_on, transfer_id, version`;

/** Adds an order that begins. */
export function insertOrder(tx: Tx, order: StandingOrder): Promise<number> {
  return tx.execute(sql`
    INSERT INTO standing_order (${COLUMNS})
    VALUES (${order.id}, ${order.owner}, ${order.fromAccountId}, ${order.toAccountId}, ${order.toIban},
      ${order.payeeName}, ${order.amountMinor}, ${order.currency}, ${order.reference}, ${order.frequency},
      ${order.startDate}, ${order.endDate}, ${new Date(order.createdAtMs).toISOString()}, ${order.status},
      ${order.pausedBecause}, ${order.nextDate}, ${order.attempts}, ${order.tryOn}, ${order.transferId},
      ${order.version})`);
}

/**
 * Makes everybody who is about to give this customer an order wait for the others: a count, and a key that is looked up
 * under this lock, are exact until the transaction ends.
 */
export async function lockOrdersOf(tx: Tx, owner: string): Promise<void> {
  await tx.query(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`standing orders of ${owner}`}, 0))`);
}

/** How many orders of a customer are not over. */
export async function countOpenOrders(tx: Executor, owner: string): Promise<number> {
  const [row] = await tx.query<{ count: bigint }>(
    sql`SELECT count(*) FROM standing_order WHERE owner = ${owner} AND over_at IS NULL`,
  );
  return Number(row?.count ?? 0n);
}

/** An order, and since when it is over. */
export interface OrderWithEnd {
  readonly order: StandingOrder;
  readonly overAt: Date | null;
}

/** A customer's orders: those that are not over, then the ones that were over last. */
export async function findOrders(db: Executor, owner: string, rowsMax: number): Promise<OrderWithEnd[]> {
  const rows = await db.query<Row & { over_at: Date | null }>(sql`
    SELECT ${COLUMNS}, over_at FROM standing_order WHERE owner = ${owner} ORDER BY over_at DESC, id LIMIT ${rowsMax}`);
  return rows.map((row) => ({ order: toOrder(row), overAt: row.over_at }));
}

/** An order of this customer; undefined when there is none. */
export async function findOrder(db: Executor, id: string, owner: string): Promise<StandingOrder | undefined> {
  const rows = await db.query<Row>(sql`
    SELECT ${COLUMNS} FROM standing_order WHERE id = ${id} AND owner = ${owner}`);
  return rows.map(toOrder)[0];
}

/** Locks orders to change them, by id; waits for whoever has them. */
export async function lockOrders(tx: Tx, ids: readonly string[]): Promise<StandingOrder[]> {
  const rows = await tx.query<Row>(sql`
    SELECT ${COLUMNS} FROM standing_order WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE`);
  return rows.map(toOrder);
}

/**
 * Locks orders that are due on a business date and that no process has taken. Among the `windowMax` that are due longest
 * customers take turns, so that one with many orders does not keep the others waiting. What somebody else has locked
 * is left out.
 */
export async function lockDueOrders(
  tx: Tx,
  today: string,
  limits: { readonly windowMax: number; readonly rowsMax: number },
): Promise<StandingOrder[]> {
  const rows = await tx.query<Row>(sql`
    WITH due AS (
      SELECT id, owner, try_on FROM standing_order WHERE ${isDue(today)} ORDER BY try_on, id LIMIT ${limits.windowMax}
    ), turns AS (
      SELECT id, try_on, row_number() OVER (PARTITION BY owner ORDER BY try_on, id) AS turn FROM due
    ), chosen AS (
      SELECT id FROM turns ORDER BY turn, try_on, id LIMIT ${limits.rowsMax}
    )
    SELECT ${COLUMNS} FROM standing_order WHERE id = ANY(ARRAY(SELECT id FROM chosen)) AND ${isDue(today)}
    ORDER BY try_on, id FOR UPDATE SKIP LOCKED`);
  return rows.map(toOrder);
}

function isDue(today: string) {
  return sql`status = 'active' AND try_on <= ${today} AND (claimed_until IS NULL OR claimed_until < now())`;
}

/** Takes locked orders for some seconds of the database's clock, with the transfers that their payments will be. */
export function claimOrders(
  tx: Tx,
  orders: readonly { readonly id: string; readonly transferId: string }[],
  seconds: number,
): Promise<number> {
  return tx.execute(sql`
    UPDATE standing_order SET transfer_id = claimed.transfer_id,
      claimed_until = now() + make_interval(secs => ${seconds})
    FROM unnest(${orders.map((order) => order.id)}::uuid[], ${orders.map((order) => order.transferId)}::uuid[])
      AS claimed (id, transfer_id)
    WHERE standing_order.id = claimed.id`);
}

/** Writes how far locked orders are now, and gives them back. `overAtMs` is for those that are over. */
export function updateOrders(tx: Tx, orders: readonly StandingOrder[], overAtMs: number): Promise<number> {
  const overAt = new Date(overAtMs).toISOString();
  return tx.execute(sql`
    UPDATE standing_order SET status = changed.status, paused_because = changed.paused_because,
      next_date = changed.next_date, attempts = changed.attempts, try_on = changed.try_on,
      transfer_id = changed.transfer_id, version = changed.version, over_at = changed.over_at, claimed_until = NULL
    FROM unnest(${orders.map((o) => o.id)}::uuid[], ${orders.map((o) => o.status)}::text[],
      ${orders.map((o) => o.pausedBecause)}::text[], ${orders.map((o) => o.nextDate)}::date[],
      ${orders.map((o) => o.attempts)}::smallint[], ${orders.map((o) => o.tryOn)}::date[],
      ${orders.map((o) => o.transferId)}::uuid[], ${orders.map((o) => o.version)}::bigint[],
      ${orders.map((o) => (isOver(o) ? overAt : null))}::timestamptz[]
    ) AS changed (id, status, paused_because, next_date, attempts, try_on, transfer_id, version, over_at)
    WHERE standing_order.id = changed.id`);
}

function toOrder(row: Row): StandingOrder {
  return {
    id: row.id,
    owner: row.owner,
    fromAccountId: row.from_account,
    toAccountId: row.to_account,
    toIban: row.to_iban,
    payeeName: row.payee_name,
    amountMinor: row.amount,
    currency: row.currency,
    reference: row.reference,
    frequency: row.frequency,
    startDate: row.start_date,
    endDate: row.end_date,
    createdAtMs: row.created_at.getTime(),
    status: row.status,
    pausedBecause: row.paused_because,
    nextDate: row.next_date,
    attempts: row.attempts,
    tryOn: row.try_on,
    transferId: row.transfer_id,
    version: Number(row.version),
  };
}
