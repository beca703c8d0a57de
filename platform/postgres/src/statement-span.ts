import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Statement } from './sql.ts';

/**
 * A client span around one use of the database, named by the OpenTelemetry conventions for databases. Only when the
 * caller is being traced: without a span around it there is nothing to pay. Texts hold no values, so they may be seen.
 */
export async function spanned<T>(
  operation: string,
  statement: Statement | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (trace.getActiveSpan()?.isRecording() !== true) return work();
  const attributes: Record<string, string> = { 'db.system.name': 'postgresql', 'db.operation.name': operation };
  if (statement !== undefined) attributes['db.query.text'] = statement.text;
  const span = trace
    .getTracer('@florin/postgres')
    .startSpan(`postgres ${operation}`, { kind: SpanKind.CLIENT, attributes });
  try {
    return await work();
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
