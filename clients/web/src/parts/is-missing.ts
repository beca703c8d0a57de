import { ApiProblem } from '@florin/sdk';

/** Whether the address names nothing: 404, or 400 when it could not name anything at all. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiProblem && (error.status === 404 || error.status === 400);
}
