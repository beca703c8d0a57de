import type { Reply } from './endpoint.ts';

/** Why a value of the request was refused. `path` is a JSON Pointer (RFC 6901) into the body or query; no values. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

export interface Problem {
  readonly status: number;
  /** Stable, kebab-case, made for programs. */
  readonly code: string;
  readonly title: string;
  /** For people; never a value, a query or a stack. */
  readonly detail: string;
  readonly traceId: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Extension members (RFC 9457 section 3.2), as `ProblemShape` of the contracts has them. */
  readonly members?: Readonly<Record<string, unknown>>;
}

const PROBLEM_CONTENT_TYPE = 'application/problem+json; charset=utf-8';

/**
 * A problem details answer (RFC 9457). `type` is a relative reference, which the RFC allows (section 3.1.1): it
 * resolves against whichever host the bank runs on, so no host name is baked into answers that are stored and replayed.
 */
export function problemReply(problem: Problem): Reply {
  return {
    status: problem.status,
    contentType: PROBLEM_CONTENT_TYPE,
    text: JSON.stringify({
      type: `/problems/${problem.code}`,
      title: problem.title,
      status: problem.status,
      code: problem.code,
      detail: problem.detail,
      traceId: problem.traceId,
      ...(problem.errors === undefined ? {} : { errors: problem.errors }),
      ...problem.members,
    }),
    ...(problem.headers === undefined ? {} : { headers: problem.headers }),
  };
}

/** The problems any route may answer with. A route's own are in its contract and its service's problem table. */
const CATALOGUE = {
  'invalid-request': [400, 'Invalid request', 'The request does not have the shape this operation takes.'],
  'malformed-json': [400, 'Malformed JSON', 'The body is not one JSON value in UTF-8.'],
  'idempotency-key-missing': [400, 'Idempotency key missing', 'This operation needs an Idempotency-Key header.'],
  'idempotency-key-invalid': [
    400,
    'Idempotency key invalid',
    'The Idempotency-Key header must be given once, as 1 to 255 printable ASCII characters.',
  ],
  unauthenticated: [401, 'Not signed in', 'This operation needs a valid access token.'],
  forbidden: [403, 'Not allowed', 'Your role does not allow this operation.'],
  'not-found': [404, 'Not found', 'There is nothing here, or it is not yours.'],
  'method-not-allowed': [405, 'Method not allowed', 'This address does not take that method; see the Allow header.'],
  'request-timeout': [408, 'Request timeout', 'The request did not arrive in time.'],
  'body-too-large': [413, 'Body too large', 'The body is larger than this operation takes.'],
  'uri-too-long': [414, 'Address too long', 'The address is longer than the server takes.'],
  'unsupported-media-type': [415, 'Unsupported media type', 'Send the body as application/json in UTF-8, not encoded.'],
  'rate-limited': [429, 'Too many requests', 'Please slow down; the Retry-After header says for how long.'],
  'headers-too-large': [431, 'Headers too large', 'The request headers are larger than the server takes.'],
  'internal-error': [
    500,
    'Internal error',
    'Something went wrong on our side. It has been recorded under this traceId.',
  ],
  'bad-gateway': [502, 'Bad gateway', 'A part of the bank gave an answer that cannot be passed on.'],
  'service-unavailable': [503, 'Service unavailable', 'A part of the bank is not available. Please try again shortly.'],
  'upstream-timeout': [
    504,
    'No answer in time',
    'A part of the bank did not answer in time. Whether the work was done is not known; repeat it with the same key.',
  ],
} as const satisfies Readonly<Record<string, readonly [status: number, title: string, detail: string]>>;

export type CommonProblem = keyof typeof CATALOGUE;

export const COMMON_PROBLEMS = Object.keys(CATALOGUE) as readonly CommonProblem[];

/** A problem of the catalogue, ready to send. */
export function commonProblem(
  code: CommonProblem,
  traceId: string,
  more: Partial<Pick<Problem, 'detail' | 'errors' | 'headers'>> = {},
): Reply {
  const [status, title, detail] = CATALOGUE[code];
  return problemReply({ status, code, title, detail, traceId, ...more });
}

/** The status and title of a problem of the catalogue, for documentation. */
export function describeCommonProblem(code: CommonProblem): { status: number; title: string; detail: string } {
  const [status, title, detail] = CATALOGUE[code];
  return { status, title, detail };
}

/** The longest part of a caller's own field name that an error repeats. */
const NAME_LENGTH_MAX = 64;

/** One step of a JSON Pointer (RFC 6901), cut to a length that is safe to echo. */
export function pointerStep(name: string): string {
  return `/${name.slice(0, NAME_LENGTH_MAX).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
