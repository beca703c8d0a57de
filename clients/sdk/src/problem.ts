import type { components } from './schema.d.ts';

/** RFC 9457 problem details, as every refusal of the bank carries them. */
export type ProblemDetails = components['schemas']['Problem'];

/** What a payer is asked to confirm with a second factor. */
export type Challenge = NonNullable<ProblemDetails['challenge']>;

/** What the API refused, or that it could not be reached at all. `code` is stable; `message` is for people. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  /** 0 when no answer came: no connection, or it broke. Nothing is known about what the bank did. */
  readonly status: number;
  readonly code: string;
  /** For support: finds the request in the logs. */
  readonly traceId: string | undefined;
  /** How long to wait before the same request makes sense again. */
  readonly retryAfterSeconds: number | undefined;
  readonly fields: ReadonlyMap<string, string>;
  /** What to confirm before the same request can be carried out. */
  readonly challenge: Challenge | undefined;

  constructor(problem: {
    readonly status: number;
    readonly code: string;
    readonly detail: string;
    readonly traceId?: string;
    readonly retryAfterSeconds?: number;
    readonly errors?: readonly { readonly path: string; readonly message: string }[];
    readonly challenge?: Challenge;
  }) {
    super(problem.detail);
    this.status = problem.status;
    this.code = problem.code;
    this.traceId = problem.traceId;
    this.retryAfterSeconds = problem.retryAfterSeconds;
    this.challenge = problem.challenge;
    this.fields = new Map(problem.errors?.map(({ path, message }) => [path, message]));
  }

  /** Whether the bank may or may not have done it: only the same request under the same key tells. */
  get isUnsure(): boolean {
    return this.status === 0 || this.status >= 500;
  }
}

/** The problem an answer carries; one of our own words when it is not a problem document (a proxy's page). */
export function problemOf(response: Response, body: unknown): ApiProblem {
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfter = Number.isFinite(wait) ? { retryAfterSeconds: wait } : {};
  if (isProblem(body)) return new ApiProblem({ ...body, status: response.status, ...retryAfter });
  return new ApiProblem({
    status: response.status,
    code: 'unexpected-answer',
    detail: `The bank answered with status ${response.status}.`,
    ...retryAfter,
  });
}

function isProblem(body: unknown): body is ProblemDetails {
  return typeof body === 'object' && body !== null && 'code' in body && 'detail' in body;
}

/** What `fetch` throws when no answer came, as a problem. */
export function unreachable(): ApiProblem {
  return new ApiProblem({ status: 0, code: 'unreachable', detail: 'The bank could not be reached.' });
}
