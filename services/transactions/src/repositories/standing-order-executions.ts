import { type Executor, emptySql, sql, type Tx } from '@florin/postgres';
import type { Execution } from '../domain/standing-order.ts';

/** An execution of an order, and when it was noted by the business clock. */
export interface ExecutionRecord extends Execution {
  readonly orderId: string;
  readonly atMs: number;
}

/** The place of an execution in its order's history: executions are made in this order. */
export interface ExecutionPosition {
  readonly dueDate: string;
  readonly attempt: number;
}

/** Adds executions; nothing ever changes them. */
export function insertExecutions(tx: Tx, executions: readonly ExecutionRecord[]): Promise<number> {
  return tx.execute(sql`
    INSERT INTO standing_order_execution (order_id, due_date, attempt, outcome, transfer_id, problem_code, at)
    SELECT * FROM unnest(${executions.map((e) => e.orderId)}::uuid[], ${executions.map((e) => e.dueDate)}::date[],
      ${executions.map((e) => e.attempt)}::smallint[], ${executions.map((e) => e.outcome)}::text[],
      ${executions.map((e) => e.transferId)}::uuid[], ${executions.map((e) => e.problemCode)}::text[],
      ${executions.map((e) => new Date(e.atMs).toISOString())}::timestamptz[])`);
}

/** The history of an order before a position, newest first. */
export async function findExecutions(
  db: Executor,
  orderId: string,
  page: { readonly before: ExecutionPosition | null; readonly limit: number },
): Promise<ExecutionRecord[]> {
  const { before, limit } = page;
  const older = before === null ? emptySql : sql`AND (due_date, attempt) < (${before.dueDate}, ${before.attempt})`;
  const rows = await db.query<{
    due_date: string;
    attempt: number;
    outcome: Execution['outcome'];
    transfer_id: string | null;
    problem_code: string | null;
    at: Date;
  }>(sql`
    SELECT due_date, attempt, outcome, transfer_id, problem_code, at FROM standing_order_execution
    WHERE order_id = ${orderId} ${older} ORDER BY due_date DESC, attempt DESC LIMIT ${limit}`);
  return rows.map((row) => ({
    orderId,
    dueDate: row.due_date,
    attempt: row.attempt,
    outcome: row.outcome,
    transferId: row.transfer_id,
    problemCode: row.problem_code,
    atMs: row.at.getTime(),
  }));
}
