import { type Executor, sql } from '@florin/postgres';
import type { BarrierRecord } from './barrier.ts';
import { type Op, type Outcome, readOutcome, type SagaCommand } from './outcome.ts';

/** What a record is of. */
export type Branch = Pick<SagaCommand, 'sagaId' | 'branch'>;

/**
 * Writes a record unless there is one; answers whether it was written. While another transaction is writing the same, it
 * waits for that one's end, up to the lock timeout: so the database puts commands of one branch one after the other.
 */
export async function insertRecord(
  tx: Executor,
  { sagaId, branch }: Branch,
  op: Op,
  { fingerprint, outcome }: BarrierRecord,
): Promise<boolean> {
  const inserted = await tx.execute(sql`
    insert into saga_barrier (saga_id, branch, op, fingerprint, outcome)
    values (${sagaId}, ${branch}, ${op}, ${fingerprint}, ${JSON.stringify(outcome)}::jsonb)
    on conflict do nothing`);
  return inserted === 1;
}

/** The records of a branch, whose do is locked until the end of the transaction. */
export async function lockRecords(
  tx: Executor,
  branch: Branch,
): Promise<{ readonly do?: BarrierRecord; readonly undo?: BarrierRecord }> {
  const done = await readRecord(tx, branch, 'do');
  // A statement of its own: it sees what was committed while the one before waited for its lock.
  const undone = await readRecord(tx, branch, 'undo');
  return { ...(done && { do: done }), ...(undone && { undo: undone }) };
}

async function readRecord(tx: Executor, { sagaId, branch }: Branch, op: Op): Promise<BarrierRecord | undefined> {
  const [row] = await tx.query<{ fingerprint: string; outcome: unknown }>(sql`
    select fingerprint, outcome from saga_barrier
    where saga_id = ${sagaId} and branch = ${branch} and op = ${op} for update`);
  return row && { fingerprint: row.fingerprint, outcome: readOutcome(row.outcome) };
}

/** The outcome of a do that was recorded when it began. */
export async function setOutcome(tx: Executor, { sagaId, branch }: Branch, outcome: Outcome): Promise<void> {
  await tx.execute(sql`
    update saga_barrier set outcome = ${JSON.stringify(outcome)}::jsonb
    where saga_id = ${sagaId} and branch = ${branch} and op = 'do'`);
}

/**
 * Forgets records that are older than any command that may still come: eight days, one more than sagas are served for.
 * At most `limit` at once; answers how many, so that the caller comes again while there are more.
 */
export function purgeBarrier(db: Executor, limit: number): Promise<number> {
  return db.execute(sql`
    delete from saga_barrier where ctid in (
      select ctid from saga_barrier where created_at < now() - interval '8 days' limit ${limit})`);
}
