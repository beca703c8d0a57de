import type { Statement } from './sql.ts';

/** Something that runs statements: a pool, an open transaction or a session. */
export interface Executor {
  /** The rows a statement returns. int8 is a bigint, numeric and date are strings, timestamptz is a Date. */
  query<Row extends object>(statement: Statement): Promise<Row[]>;
  /** Runs a statement and answers how many rows it touched. */
  execute(statement: Statement): Promise<number>;
}

export const TX: unique symbol = Symbol('tx');

/** An open database transaction. It ends when the work it was given to returns (COMMIT) or throws (ROLLBACK). */
export interface Tx extends Executor {
  readonly [TX]: true;
}
