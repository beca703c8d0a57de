import { checkSecondFactor, listPasskeyDescriptors, type PasskeyDescriptorsAnswer } from '@florin/contracts';
import { type ServiceCall, type ServiceResponse, timeLeft } from '@florin/http';
import { Fault, fail, ok, type Result } from '@florin/primitives';
import type { InternalTokens, Principal } from '@florin/security';
import type { Payer } from '../domain/payer.ts';
import type { FactorProof, FactorRefusal, PasskeyDescriptors } from '../domain/second-factor.ts';

const MYSELF: Principal = { subject: 'service:transactions', kind: 'service', roles: [] };
/** Somebody waits, and a check is two statements. */
const CALL_TIMEOUT_MS = 3_000;

const REFUSALS: ReadonlySet<string> = new Set(['wrong-code', 'passkey-refused', 'sign-in-delayed']);

/** People's second factors, which the users service keeps. It being away or unsure is a fault. */
export function createSecondFactors(calls: ServiceCall, tokens: InternalTokens) {
  const ask = async (method: 'GET' | 'POST', path: string, body?: object) =>
    calls.call({
      service: 'users',
      method,
      path,
      token: await tokens.mint(MYSELF, 'users'),
      timeoutMs: timeLeft(CALL_TIMEOUT_MS),
      ...(body === undefined ? {} : { body }),
    });

  return {
    async check(payer: Payer, hash: string, proof: FactorProof): Promise<Result<void, FactorRefusal>> {
      const path = checkSecondFactor.path.replace('{id}', payer.subject);
      const answer = await ask(checkSecondFactor.method, path, { sessionId: payer.sessionId, hash, ...proof });
      if (answer.status === 204) return ok(undefined);
      const refusal = refusalIn(answer);
      if (refusal === undefined) throw unavailable(answer);
      return fail(refusal);
    },
    async passkeysOf(subject: string): Promise<PasskeyDescriptors> {
      const answer = await ask(listPasskeyDescriptors.method, listPasskeyDescriptors.path.replace('{id}', subject));
      if (answer.status !== 200) throw unavailable(answer);
      return answer.body as PasskeyDescriptorsAnswer;
    },
  };
}

function refusalIn({ body, headers }: ServiceResponse): FactorRefusal | undefined {
  const { code, detail } = body as { readonly code?: string; readonly detail?: string };
  if (code === undefined || !REFUSALS.has(code)) return undefined;
  const retryAfter = Number(headers['retry-after']);
  return {
    code: code as FactorRefusal['code'],
    detail: detail ?? '',
    retryAfterSeconds: Number.isInteger(retryAfter) ? retryAfter : null,
  };
}

function unavailable({ status }: ServiceResponse): Fault {
  const wait = { retryable: true, retryAfterSeconds: 1 };
  return new Fault('second-factors-unavailable', `the users service answered ${status}`, wait);
}
