import type { IncomingHttpHeaders } from 'node:http';
import { type Caller, commonProblem, type Reply } from '@florin/http';
import { fail, isUuid, ok, type Result } from '@florin/primitives';
import { isStrong, type Principal } from '@florin/security';
import type { Payer } from '../domain/payer.ts';

/** Who pays. A token without a session is one of a program; its confirmations are good for such tokens only. */
export function payerOf(principal: Principal, { traceId, origin }: Pick<Caller, 'traceId' | 'origin'>): Payer {
  const { subject, sessionId = '', roles, thirdParty } = principal;
  const hasConsented = thirdParty !== undefined && isStrong(principal);
  const hasSecondFactor = principal.hasSecondFactor === true;
  return { subject, sessionId, hasSecondFactor, hasConsented, roles, traceId, origin };
}

/** The confirmation that came with a payment, null when none did; fails when the header is not an id. */
export function confirmationIn(headers: IncomingHttpHeaders): Result<string | null, string> {
  const header = headers['x-confirmation'];
  if (header === undefined) return ok(null);
  return typeof header === 'string' && isUuid(header) ? ok(header) : fail('x-confirmation must be a UUID, once');
}

/** The answer to a header that names nothing. */
export function unreadableConfirmation(message: string, traceId: string): Reply {
  return commonProblem('invalid-request', traceId, { errors: [{ path: '', message }] });
}
