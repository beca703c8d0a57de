import type { ServiceName } from '@florin/contracts';
import { Fault } from '@florin/primitives';
import { TIME_LEFT_HEADER, timeToWork } from './time-left.ts';

export interface ServiceRequest {
  readonly service: ServiceName;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query string, percent-encoded. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; no body when undefined. */
  readonly body?: unknown;
  /** The internal token; travels as `authorization: Bearer`. */
  readonly token: string;
  /** Until the whole answer is here; 5,000 when absent. The service is told, and spends no longer on calls of its own. */
  readonly timeoutMs?: number;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Parsed when the answer is JSON, text when it is anything else, undefined when there is none. */
  readonly body: unknown;
}

/**
 * The port through which one service calls another. Any status is an answer, redirects included (none is followed).
 * Throws a retryable Fault: `service-unavailable` when nobody was reached, `service-timeout` when no answer came in time,
 * after which the work may or may not have been done.
 */
export interface ServiceCall {
  call(request: ServiceRequest): Promise<ServiceResponse>;
  close(): Promise<void>;
}

export const CALL_TIMEOUT_MS_DEFAULT = 5_000;

/** Headers of a call; the caller's own come first, so none of them can replace the token or the content type. */
export function callHeaders(request: ServiceRequest): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
  headers['authorization'] = `Bearer ${request.token}`;
  headers['accept'] ??= 'application/json';
  headers[TIME_LEFT_HEADER] = timeToWork(request.timeoutMs ?? CALL_TIMEOUT_MS_DEFAULT);
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  return headers;
}

/** Reads an answer's body by its content type. Throws a Fault `service-answer-malformed` when JSON was promised. */
export function readAnswer(service: ServiceName, contentType: unknown, text: string): unknown {
  if (text === '') return undefined;
  if (typeof contentType !== 'string' || !contentType.includes('json')) return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Fault('service-answer-malformed', `${service} answered with broken JSON`, { cause: error });
  }
}

export function serviceUnavailable(service: ServiceName, cause?: unknown): Fault {
  return new Fault('service-unavailable', `${service} cannot be reached`, {
    retryable: true,
    retryAfterSeconds: 1,
    cause,
  });
}

export function serviceTimeout(service: ServiceName, timeoutMs: number): Fault {
  return new Fault('service-timeout', `${service} did not answer within ${timeoutMs} ms`, {
    retryable: true,
    retryAfterSeconds: 1,
  });
}
