import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServiceName } from '@florin/contracts';
import { newTraceId, parseTraceparent } from '@florin/observability';
import { type CommonProblem, commonProblem } from './problem.ts';
import { sendReply } from './send-reply.ts';

/**
 * `stream` is an answer that goes on for minutes, with long pauses; whoever ends it has heard enough. `repeatable` is one to a
 * request that is done once, however often the service gets it.
 */
export type AnswerForm = 'whole' | 'repeatable' | 'stream';

/**
 * The gateway's port to a service: hands a request on as it came in, with `request.headers` as the gateway cleaned them,
 * and lets the service answer. Never throws; a service that is away is a 503 problem, one that is late a 504.
 */
export interface Forward {
  forward(service: ServiceName, request: IncomingMessage, response: ServerResponse, form?: AnswerForm): void;
  close(): Promise<void>;
}

/** Answers in the service's place. */
export function sendForwardProblem(request: IncomingMessage, response: ServerResponse, code: CommonProblem): void {
  const traceId = parseTraceparent(request.headers['traceparent'])?.traceId ?? newTraceId();
  const headers = code === 'service-unavailable' ? { headers: { 'retry-after': '1' } } : {};
  sendReply(request, response, commonProblem(code, traceId, headers));
}
