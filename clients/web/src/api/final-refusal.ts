import { ApiProblem } from '@florin/sdk';

/** What the bank has decided and would decide again; 409 and 429 say to come back, and 5xx say nothing. */
const FINAL: ReadonlySet<number> = new Set([400, 403, 404, 422]);

/**
 * Whether a request was refused for good, so that the next one is a new piece of work with a key of its own. After
 * anything else the first one may have been done, and only the same request under the same key finds out.
 */
export function isFinalRefusal(error: unknown): boolean {
  return error instanceof ApiProblem && FINAL.has(error.status);
}
