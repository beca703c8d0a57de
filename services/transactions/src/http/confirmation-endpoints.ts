import { beginPasskeyConfirmation, confirmPayment as confirmRoute } from '@florin/contracts';
import { commonProblem, type Endpoint, endpoint, problemReply, type Reply } from '@florin/http';
import type { FactorRefusal } from '../domain/second-factor.ts';
import {
  type Confirmations,
  confirmPayment,
  type NotConfirmable,
  passkeyChallenge,
} from '../use-cases/confirm-payment.ts';
import { payerOf } from './payer.ts';
import { problemOf } from './problems.ts';

const ONE_PROOF = [{ path: '', message: 'must have exactly one of code and assertion' }];
/** An assertion is some hundred bytes, a credential id may take a thousand more. */
const PROOF_LIMIT = { bodyLimitBytes: 16 * 1024 };

/** How payers confirm what they are asked to. */
export function confirmationEndpoints(confirmations: Confirmations): Endpoint[] {
  return [
    endpoint(
      confirmRoute,
      async ({ params, body, principal, caller, traceId }) => {
        if ((body.code === undefined) === (body.assertion === undefined)) {
          return commonProblem('invalid-request', traceId, { errors: ONE_PROOF });
        }
        const confirmed = await confirmPayment(confirmations, payerOf(principal, caller), params.id, body);
        if (!confirmed.ok) return refused(confirmed.failure, traceId);
        const expiresAt = new Date(confirmed.value.expiresAtMs).toISOString();
        return { status: 200, body: { id: params.id, status: 'confirmed', expiresAt } };
      },
      PROOF_LIMIT,
    ),
    endpoint(beginPasskeyConfirmation, async ({ params, principal, caller, traceId }) => {
      const challenge = await passkeyChallenge(confirmations, payerOf(principal, caller), params.id);
      return challenge.ok ? { status: 200, body: challenge.value } : refused(challenge.failure, traceId);
    }),
  ];
}

function refused(failure: NotConfirmable | FactorRefusal, traceId: string): Reply {
  const problem = problemOf(failure, traceId);
  if (!('retryAfterSeconds' in failure) || failure.retryAfterSeconds === null) return problemReply(problem);
  return problemReply({ ...problem, headers: { 'retry-after': String(failure.retryAfterSeconds) } });
}
