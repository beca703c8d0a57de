import { Fault } from '@florin/primitives';
import type { Reply } from './endpoint.ts';
import type { BodyFailure } from './json-body.ts';
import { commonProblem, type FieldError } from './problem.ts';
import { fieldErrors, type Violation } from './validation.ts';

/** Carries a refused body through Fastify's parser, which only knows how to throw. */
export class BodyRefused extends Error {
  readonly failure: BodyFailure | { readonly code: 'unsupported-media-type' };

  constructor(failure: BodyRefused['failure']) {
    super(failure.code);
    this.name = 'BodyRefused';
    this.failure = failure;
  }
}

/** Carries a refused query through Fastify's hooks. */
export class QueryRefused extends Error {
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[]) {
    super('invalid-request');
    this.name = 'QueryRefused';
    this.errors = errors;
  }
}

/** What went wrong, as the answer to the caller; `isDefect` when it is ours to mend and must be logged in full. */
export interface Failure {
  readonly reply: Reply;
  readonly code: string;
  readonly isDefect: boolean;
}

const RETRY_AFTER_SECONDS = 1;

/**
 * Turns anything thrown while a request was read or handled into an answer that tells a caller what to do and nothing
 * about our insides. A retryable fault (the database is away) is 503 with Retry-After; what nobody expected is 500.
 */
export function describeFailure(error: unknown, traceId: string): Failure {
  const refused = describeRefusal(error, traceId);
  if (refused !== undefined) return { ...refused, isDefect: false };
  if (error instanceof Fault && error.retryable) {
    const seconds = Math.max(1, Math.ceil(error.retryAfterSeconds ?? RETRY_AFTER_SECONDS));
    const reply = commonProblem('service-unavailable', traceId, { headers: { 'retry-after': String(seconds) } });
    return { reply, code: error.code, isDefect: false };
  }
  const code = error instanceof Fault ? error.code : 'internal-error';
  return { reply: commonProblem('internal-error', traceId), code, isDefect: true };
}

type Refusal = Pick<Failure, 'reply' | 'code'>;

function describeRefusal(error: unknown, traceId: string): Refusal | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof BodyRefused) return refuseBody(error.failure, traceId);
  if (error instanceof QueryRefused) return refuse('invalid-request', traceId, error.errors);
  if (isValidationError(error)) return refuseShape(error, traceId);
  switch ('code' in error ? error.code : undefined) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return refuse('body-too-large', traceId);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return refuse('unsupported-media-type', traceId);
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return refuse('malformed-json', traceId);
    case 'FST_ERR_BAD_URL':
      return refuse('invalid-request', traceId, [
        { path: '', message: 'the address is not valid percent-encoded UTF-8' },
      ]);
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return refuse('not-found', traceId);
    default:
      return undefined;
  }
}

function refuseBody(failure: BodyRefused['failure'], traceId: string): Refusal {
  switch (failure.code) {
    case 'malformed-json':
      return {
        code: failure.code,
        reply: commonProblem(failure.code, traceId, failure.detail === undefined ? {} : { detail: failure.detail }),
      };
    case 'invalid-request':
      return refuse(failure.code, traceId, failure.errors);
    case 'unsupported-media-type':
      return refuse(failure.code, traceId);
  }
}

type RefusalCode = Parameters<typeof commonProblem>[0];

function refuse(code: RefusalCode, traceId: string, errors?: readonly FieldError[]): Refusal {
  return { code, reply: commonProblem(code, traceId, errors === undefined ? {} : { errors }) };
}

interface ValidationError extends Error {
  readonly validation: readonly Violation[];
  readonly validationContext?: string;
}

function isValidationError(error: Error): error is ValidationError {
  return 'validation' in error && Array.isArray(error.validation);
}

function refuseShape(error: ValidationError, traceId: string): Refusal {
  // An ill-formed id names nothing we have, and is told so like any other: a caller cannot learn from the status what
  // our ids look like, and has one case to handle instead of two.
  if (error.validationContext === 'params') return refuse('not-found', traceId);
  return refuse('invalid-request', traceId, fieldErrors(error.validation));
}
