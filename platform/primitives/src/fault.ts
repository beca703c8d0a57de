/**
 * Something around us is broken: a database that is away, a peer that does not answer.
 * Thrown, and caught only at the edges (HTTP answers 503 or 500, a consumer retries).
 */
export class Fault extends Error {
  readonly code: string;
  readonly retryable: boolean;
  /** What a caller should wait before it tries again; undefined when there is no good guess. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: string,
    message: string,
    options: { readonly retryable?: boolean; readonly retryAfterSeconds?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Fault';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
