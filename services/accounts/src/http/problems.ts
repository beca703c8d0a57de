import { problemKind } from '@florin/contracts';
import { problemReply, type Reply } from '@florin/http';
import type { AccountFailure, AccountFailureCode } from '../domain/failures.ts';

const RETRY_SOON: ReadonlySet<AccountFailureCode> = new Set([
  'account-opening',
  'change-in-progress',
  'too-many-streams',
]);

/** A refusal as a problem; its status and title are the contract's. */
export function refusal(failure: AccountFailure, traceId: string): Reply {
  const { code, detail } = failure;
  const { status, title } = problemKind(code);
  const retryAfterSeconds = failure.retryAfterSeconds ?? (RETRY_SOON.has(code) ? 1 : undefined);
  return problemReply({
    status,
    code,
    title,
    detail,
    traceId,
    ...(retryAfterSeconds === undefined ? {} : { headers: { 'retry-after': `${retryAfterSeconds}` } }),
  });
}
