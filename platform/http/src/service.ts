import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '@florin/observability';

/** Answers one HTTP request; the way a request reaches a service without a socket. */
export interface Handler {
  handle(request: IncomingMessage, response: ServerResponse): void;
}

/** What every service's `startX(config)` answers. */
export interface Service extends Handler {
  readonly name: string;
  readonly metrics: Metrics;
  /** Whether it can do its work now: its database answers, its migrations are in. */
  ready(): Promise<boolean>;
  /** Takes no new work and resolves when what is under way is answered. */
  drain(): Promise<void>;
  close(): Promise<void>;
}
