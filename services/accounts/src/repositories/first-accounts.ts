import { type Executor, sql, type Tx } from '@florin/postgres';
import type { Asked, FirstAccount } from '../domain/first-account.ts';

interface Row {
  customer_id: string;
  event_id: string;
  correlation_id: string;
  account_id: string | null;
  told_event_id: string | null;
}

const COLUMNS = sql`customer_id, event_id, correlation_id, account_id, told_event_id`;

/**
 * Writes down who is to have a first account. Asked by the same event again nothing changes; another event makes what
 * is done be looked at again.
 */
export async function askForAccounts(tx: Tx, asked: readonly Asked[]): Promise<void> {
  await tx.execute(sql`
    INSERT INTO first_account (customer_id, event_id, correlation_id)
    SELECT customer_id, event_id, correlation_id
    FROM unnest(${asked.map((one) => one.customerId)}::text[], ${asked.map((one) => one.follows.eventId)}::text[],
      ${asked.map((one) => one.follows.correlationId)}::text[]) AS asked (customer_id, event_id, correlation_id)
    ORDER BY customer_id
    ON CONFLICT (customer_id) DO UPDATE SET event_id = excluded.event_id, correlation_id = excluded.correlation_id,
      done_at = NULL, outcome = NULL, attempts = 0, next_try_at = now()
    WHERE first_account.event_id <> excluded.event_id`);
}

/**
 * Takes those that are due, and puts their next try off: another process skips them, and one that fails comes back after
 * 10, 20, 40 ... seconds, at most five minutes. Ten seconds are more than one try takes.
 */
export async function takeDueFirstAccounts(db: Executor, limit: number): Promise<string[]> {
  const rows = await db.query<{ customer_id: string }>(sql`
    UPDATE first_account SET attempts = attempts + 1,
      next_try_at = now() + least(300, 10 * power(2, least(attempts, 10))) * interval '1 second'
    WHERE customer_id IN (
      SELECT customer_id FROM first_account
      WHERE done_at IS NULL AND next_try_at <= now() ORDER BY next_try_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING customer_id`);
  return rows.map((row) => row.customer_id);
}

/** What is still to be done for a customer, held until the transaction ends; undefined when nothing is. */
export async function lockFirstAccount(tx: Tx, customerId: string): Promise<FirstAccount | undefined> {
  const [row] = await tx.query<Row>(sql`
    SELECT ${COLUMNS} FROM first_account WHERE customer_id = ${customerId} AND done_at IS NULL FOR UPDATE`);
  return (
    row && {
      customerId: row.customer_id,
      follows: { eventId: row.event_id, correlationId: row.correlation_id },
      accountId: row.account_id,
      toldEventId: row.told_event_id,
    }
  );
}

/** Writes down which account it is; `toldEventId` when its opening will tell of it. */
export async function setFirstAccount(
  tx: Tx,
  customerId: string,
  { accountId, toldEventId }: Pick<FirstAccount, 'accountId' | 'toldEventId'>,
): Promise<void> {
  await tx.execute(sql`
    UPDATE first_account SET account_id = ${accountId}, told_event_id = ${toldEventId}
    WHERE customer_id = ${customerId}`);
}

export async function endFirstAccount(
  tx: Tx,
  customerId: string,
  outcome: 'has-account' | 'no-customer',
): Promise<void> {
  await tx.execute(sql`
    UPDATE first_account SET done_at = now(), outcome = ${outcome} WHERE customer_id = ${customerId}`);
}

/** How many wait for their first account, counted up to a bound, and how long the oldest has. */
export async function measureFirstAccounts(
  db: Executor,
  countedMax: number,
): Promise<{ readonly count: number; readonly oldestSeconds: number }> {
  const [row] = await db.query<{ count: bigint; oldest: string | null }>(sql`
    SELECT count(*) AS count, extract(epoch FROM now() - min(asked_at)) AS oldest
    FROM (SELECT asked_at FROM first_account WHERE done_at IS NULL LIMIT ${countedMax}) AS waiting`);
  return { count: Number(row?.count ?? 0n), oldestSeconds: Number(row?.oldest ?? 0) };
}
