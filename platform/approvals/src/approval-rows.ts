import { type Executor, emptySql, sql, type Tx } from '@florin/postgres';
import type { Approval, ApprovalFailure } from './approval.ts';

interface Row {
  id: string;
  action: string;
  resource: string;
  payload: Record<string, string>;
  fingerprint: string;
  reason: string;
  maker: string;
  maker_roles: string[];
  trace_id: string;
  made_at: Date;
  expires_at: Date;
  status: Approval['status'];
  checker: string | null;
  decision_reason: string | null;
  decided_at: Date | null;
  ended_at: Date | null;
  failure: ApprovalFailure | null;
}

const COLUMNS = sql`id, action, resource, payload, fingerprint, reason, maker, maker_roles, trace_id, made_at, expires_at,
  status, checker, decision_reason, decided_at, ended_at, failure`;

export interface Keys {
  readonly exclusiveKey: string | null;
  readonly requestKey: string | null;
}

/** Writes down what somebody asks for; undefined when the same is open already, or was asked under the same key. */
export async function insertApproval(tx: Tx, asked: Approval, keys: Keys): Promise<Approval | undefined> {
  const [row] = await tx.query<Row>(sql`
    INSERT INTO approval (id, action, resource, payload, fingerprint, reason, maker, maker_roles, trace_id,
      exclusive_key, request_key, made_at, expires_at)
    VALUES (${asked.id}, ${asked.action}, ${asked.resource}, ${JSON.stringify(asked.payload)}::jsonb, ${asked.fingerprint},
      ${asked.reason}, ${asked.maker}, ${asked.makerRoles}, ${asked.traceId}, ${keys.exclusiveKey}, ${keys.requestKey},
      ${new Date(asked.madeAtMs)}, ${new Date(asked.expiresAtMs)})
    ON CONFLICT DO NOTHING
    RETURNING ${COLUMNS}`);
  return row && approvalOf(row);
}

/** Ends what nobody decided in time, so that the same can be asked again. */
export async function expireApproval(tx: Tx, exclusiveKey: string, nowMs: number): Promise<void> {
  await tx.execute(sql`
    UPDATE approval SET status = 'expired'
    WHERE exclusive_key = ${exclusiveKey} AND status = 'pending' AND expires_at <= ${new Date(nowMs)}`);
}

/** One of them as it is now. */
export async function findApproval(db: Executor, id: string): Promise<Approval | undefined> {
  const [row] = await db.query<Row>(sql`SELECT ${COLUMNS} FROM approval WHERE id = ${id}`);
  return row && approvalOf(row);
}

/** The one that was asked under this key. */
export async function findByRequest(db: Executor, requestKey: string): Promise<Approval | undefined> {
  const [row] = await db.query<Row>(sql`SELECT ${COLUMNS} FROM approval WHERE request_key = ${requestKey}`);
  return row && approvalOf(row);
}

/** Writes a decision, unless somebody else has meanwhile: undefined then. */
export async function writeDecision(
  tx: Tx,
  id: string,
  decision: {
    readonly status: 'approved' | 'rejected';
    readonly checker: string;
    readonly checkerRoles: readonly string[];
    readonly reason: string | null;
    readonly atMs: number;
  },
): Promise<Approval | undefined> {
  const [row] = await tx.query<Row>(sql`
    UPDATE approval SET status = ${decision.status}, checker = ${decision.checker},
      checker_roles = ${decision.checkerRoles}, decision_reason = ${decision.reason}, decided_at = ${new Date(decision.atMs)}
    WHERE id = ${id} AND status = 'pending' RETURNING ${COLUMNS}`);
  return row && approvalOf(row);
}

/** Ends one that was approved, once: false when it has ended already. */
export async function writeEnd(
  tx: Executor,
  id: string,
  end: { readonly atMs: number; readonly failure: ApprovalFailure | null },
): Promise<boolean> {
  const failure = end.failure === null ? null : JSON.stringify(end.failure);
  const ended = await tx.execute(sql`
    UPDATE approval SET status = ${end.failure === null ? 'done' : 'failed'}, ended_at = ${new Date(end.atMs)},
      failure = ${failure}::jsonb
    WHERE id = ${id} AND status = 'approved'`);
  return ended === 1;
}

/** Approvals, the newest first, after the one with this id; ids begin with the time they were made. */
export async function listApprovals(
  db: Executor,
  page: {
    readonly status: Approval['status'] | undefined;
    readonly beforeId: string | undefined;
    readonly limit: number;
  },
): Promise<Approval[]> {
  const status = page.status === undefined ? emptySql : sql`AND status = ${page.status}`;
  const before = page.beforeId === undefined ? emptySql : sql`AND id < ${page.beforeId}::uuid`;
  const rows = await db.query<Row>(sql`
    SELECT ${COLUMNS} FROM approval WHERE true ${status} ${before} ORDER BY id DESC LIMIT ${page.limit}`);
  return rows.map(approvalOf);
}

/** What was approved before this moment and has not ended: whoever carried it out was interrupted. */
export async function findUnfinished(db: Executor, beforeMs: number, limit: number): Promise<Approval[]> {
  const rows = await db.query<Row>(sql`
    SELECT ${COLUMNS} FROM approval WHERE status = 'approved' AND decided_at < ${new Date(beforeMs)}
    ORDER BY id LIMIT ${limit}`);
  return rows.map(approvalOf);
}

function approvalOf(row: Row): Approval {
  return {
    id: row.id,
    action: row.action,
    resource: row.resource,
    payload: row.payload,
    fingerprint: row.fingerprint,
    reason: row.reason,
    maker: row.maker,
    makerRoles: row.maker_roles,
    traceId: row.trace_id,
    madeAtMs: row.made_at.getTime(),
    expiresAtMs: row.expires_at.getTime(),
    status: row.status,
    checker: row.checker,
    decisionReason: row.decision_reason,
    decidedAtMs: row.decided_at?.getTime() ?? null,
    endedAtMs: row.ended_at?.getTime() ?? null,
    failure: row.failure,
  };
}
