import { isRecorded, type OpenSpan, openSpan, traced } from '@florin/observability';
import type { Statement } from './sql.ts';

const DATABASE = { 'db.system.name': 'postgresql' };

/**
 * A client span around one use of the database, named by the OpenTelemetry conventions for databases. Only when the
 * caller is being traced: without a span around it there is nothing to pay. Texts hold no values, so they may be seen.
 */
export function spanned<T>(operation: string, statement: Statement | undefined, work: () => Promise<T>): Promise<T> {
  if (!isRecorded()) return work();
  const text = statement && { 'db.query.text': statement.text };
  const attributes = { ...DATABASE, 'db.operation.name': operation, ...text };
  return traced({ name: `postgres ${operation}`, kind: 'client', attributes }, work);
}

/** The span of a transaction that begins here and ends elsewhere; none when the caller is not being traced. */
export function transactionSpan(): OpenSpan | undefined {
  if (!isRecorded()) return undefined;
  const attributes = { ...DATABASE, 'db.operation.name': 'transaction' };
  return openSpan({ name: 'postgres transaction', kind: 'client', attributes });
}
