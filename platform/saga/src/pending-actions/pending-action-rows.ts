import { type Executor, emptySql, sql, type Tx } from '@florin/postgres';
import { invariant, type Result } from '@florin/primitives';
import { type ActionFailure, decideChecker, type PendingAction } from './pending-action.ts';

interface Row {
  id: string;
  saga_id: string;
  action: PendingAction['action'];
  attention_seq: number;
  reason: string;
  evidence: string | null;
  maker: string;
  made_at: Date;
  status: PendingAction['status'];
  checker: string | null;
  decided_at: Date | null;
}

const COLUMNS = sql`id, saga_id, action, attention_seq, reason, evidence, maker, made_at, status, checker, decided_at`;

/** Writes down what somebody wants done; undefined when something else is asked about this saga already. */
export async function createAction(
  tx: Tx,
  wanted: Pick<PendingAction, 'id' | 'sagaId' | 'action' | 'attentionSeq' | 'reason' | 'evidence' | 'maker'>,
): Promise<PendingAction | undefined> {
  const [row] = await tx.query<Row>(sql`
    INSERT INTO pending_action (id, saga_id, action, attention_seq, reason, evidence, maker)
    VALUES (${wanted.id}, ${wanted.sagaId}, ${wanted.action}, ${wanted.attentionSeq}, ${wanted.reason},
      ${wanted.evidence}, ${wanted.maker})
    ON CONFLICT (saga_id) WHERE status = 'pending' DO NOTHING
    RETURNING ${COLUMNS}`);
  return row && actionOf(row);
}

/** One of them, as it is now. */
export async function findAction(db: Executor, id: string): Promise<PendingAction | undefined> {
  const [row] = await db.query<Row>(sql`SELECT ${COLUMNS} FROM pending_action WHERE id = ${id}`);
  return row && actionOf(row);
}

/**
 * A second person says yes or no. What a yes leads to belongs into the same transaction, and the saga's own lock before
 * this: whoever asks takes it first as well. Fails with `action-not-found`,
 * `action-decided`, or `second-person-required` for whoever asked for it.
 */
export async function decideAction(
  tx: Tx,
  { id, checker, status }: { readonly id: string; readonly checker: string; readonly status: 'approved' | 'rejected' },
): Promise<Result<PendingAction, ActionFailure>> {
  const [open] = await tx.query<Row>(sql`SELECT ${COLUMNS} FROM pending_action WHERE id = ${id} FOR UPDATE`);
  const decided = decideChecker(open && actionOf(open), checker);
  if (!decided.ok) return decided;
  const [row] = await tx.query<Row>(sql`
    UPDATE pending_action SET status = ${status}, checker = ${checker}, decided_at = now()
    WHERE id = ${id} RETURNING ${COLUMNS}`);
  invariant(row, 'an action that is locked is there');
  return { ok: true, value: actionOf(row) };
}

/** Actions, the newest first, after the one with this id; ids begin with the time they were made. */
export async function listActions(
  db: Executor,
  page: {
    readonly status: PendingAction['status'] | undefined;
    readonly beforeId: string | undefined;
    readonly limit: number;
  },
): Promise<PendingAction[]> {
  const status = page.status === undefined ? emptySql : sql`AND status = ${page.status}`;
  const before = page.beforeId === undefined ? emptySql : sql`AND id < ${page.beforeId}::uuid`;
  const rows = await db.query<Row>(sql`
    SELECT ${COLUMNS} FROM pending_action WHERE true ${status} ${before} ORDER BY id DESC LIMIT ${page.limit}`);
  return rows.map(actionOf);
}

function actionOf(row: Row): PendingAction {
  return {
    id: row.id,
    sagaId: row.saga_id,
    action: row.action,
    attentionSeq: row.attention_seq,
    reason: row.reason,
    evidence: row.evidence,
    maker: row.maker,
    madeAtMs: row.made_at.getTime(),
    status: row.status,
    checker: row.checker,
    decidedAtMs: row.decided_at?.getTime() ?? null,
  };
}
