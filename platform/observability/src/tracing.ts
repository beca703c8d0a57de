import type { Logger } from './logger.ts';

/** The spans of a process on their way out. */
export interface Tracing {
  /** Sends what waits, within a bound, and ends. */
  close(): Promise<void>;
}

export interface TracedProcess {
  /** The `service.name` of its spans. */
  readonly service: string;
  /**
   * Whether requests come from outside the bank: then which are recorded is decided here, whatever a caller asks for.
   * Elsewhere the caller has decided.
   */
  readonly isEdge?: boolean;
  /** Told when spans can not be sent. */
  readonly logger: Logger;
}
