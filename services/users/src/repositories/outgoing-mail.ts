import { type Executor, sql } from '@florin/postgres';
import type { MailTask } from '../domain/mail.ts';
import type { Vault } from '../domain/vault.ts';

const context = (id: string): string => `outgoing_mail.content|${id}`;

export interface NewMailTask {
  readonly id: string;
  readonly task: MailTask;
  /** Of tasks of which one waits at a time. */
  readonly onceIndex: Buffer | null;
  readonly lifetimeSeconds: number;
}

/** Puts mail in the queue; false when the queue holds `waitingMax`. A task of which one waits already is not added. */
export async function insertMailTask(
  on: Executor,
  vault: Vault,
  { id, task, onceIndex, lifetimeSeconds }: NewMailTask,
  waitingMax: number,
): Promise<boolean> {
  const rows = await on.query<{ hasRoom: boolean }>(sql`
    WITH room AS (SELECT count(*) < ${waitingMax} AS has_room FROM (SELECT FROM outgoing_mail LIMIT ${waitingMax}) AS waiting),
    added AS (
      INSERT INTO outgoing_mail (id, person_id, content_sealed, once_index, expires_at)
      SELECT ${id}::uuid, ${'personId' in task ? task.personId : null}::uuid, ${vault.seal(JSON.stringify(task), context(id))}::bytea, ${onceIndex}::bytea,
             now() + make_interval(secs => ${lifetimeSeconds})
        FROM room WHERE has_room
      ON CONFLICT ON CONSTRAINT outgoing_mail_once DO NOTHING)
    SELECT has_room AS "hasRoom" FROM room`);
  return rows[0]?.hasRoom === true;
}

export interface TakenMailTask {
  readonly id: string;
  readonly task: MailTask;
  readonly attempts: number;
}

/**
 * Takes the mail that has waited longest. It is due again after the lease, doubled with every attempt, unless it was
 * deleted by then; other instances pass it by until that moment.
 */
export async function takeMailTask(
  on: Executor,
  vault: Vault,
  leaseSeconds: number,
): Promise<TakenMailTask | undefined> {
  const rows = await on.query<{ id: string; contentSealed: Buffer; attempts: number }>(sql`
    UPDATE outgoing_mail
       SET attempts = attempts + 1, due_at = now() + make_interval(secs => ${leaseSeconds} * power(2, least(attempts, 6)))
     WHERE id = (SELECT id FROM outgoing_mail WHERE due_at <= now() AND expires_at > now()
                  ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, content_sealed AS "contentSealed", attempts`);
  const row = rows[0];
  return (
    row && { id: row.id, task: JSON.parse(vault.open(row.contentSealed, context(row.id))), attempts: row.attempts }
  );
}

export async function deleteMailTask(on: Executor, id: string): Promise<void> {
  await on.execute(sql`DELETE FROM outgoing_mail WHERE id = ${id}`);
}

/** Deletes up to `limit` that nobody need read any more; answers how many. */
export function purgeMail(on: Executor, limit: number): Promise<number> {
  return on.execute(sql`
    DELETE FROM outgoing_mail WHERE id IN (
      SELECT id FROM outgoing_mail WHERE expires_at <= now() ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`);
}
