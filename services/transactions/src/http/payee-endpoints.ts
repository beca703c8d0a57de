import {
  checkPayee as checkPayeeRoute,
  createPayee as createPayeeRoute,
  deletePayee,
  distrustPayee,
  listPayees as listPayeesRoute,
  PAYEES_PER_CUSTOMER_MAX,
  type PayeeAnswer,
  trustPayee as trustRoute,
  updatePayee,
} from '@florin/contracts';
import { type Endpoint, endpoint, problemReply, type Reply } from '@florin/http';
import { isFreshAndStrong, type Principal, STEP_UP_CHALLENGE } from '@florin/security';
import type { InvalidPayee, Payee, PayeeRefusal } from '../domain/payee.ts';
import { type CheckedPayee, checkPayee, type Payees } from '../use-cases/check-payee.ts';
import {
  createPayee,
  forgetPayee,
  isKept,
  listPayees,
  NOT_KEPT,
  renamePayee,
  trustPayee,
} from '../use-cases/keep-payees.ts';
import type { TooManyChecks } from '../use-cases/payee-checks.ts';
import { problemOf } from './problems.ts';

/** Whom customers pay, and whether they are who they seem to be. */
export function payeeEndpoints(payees: Payees): Endpoint[] {
  return [
    endpoint(checkPayeeRoute, async ({ body, principal, traceId }) => {
      const checked = await checkPayee(payees, { customer: principal.subject, ...body });
      return checked.ok ? { status: 200, body: presentCheck(checked.value) } : refused(checked.failure, traceId);
    }),
    endpoint(listPayeesRoute, async ({ principal }) => {
      const kept = await listPayees(payees, principal.subject, PAYEES_PER_CUSTOMER_MAX);
      return { status: 200, body: { data: kept.map(presentPayee), nextCursor: null } };
    }),
    endpoint(createPayeeRoute, async ({ body, caller, traceId }) => {
      const wanted = { actor: caller, ...body, keptMax: PAYEES_PER_CUSTOMER_MAX };
      const created = await createPayee(payees, wanted);
      return created.ok ? { status: 201, body: presentPayee(created.value) } : refused(created.failure, traceId);
    }),
    endpoint(updatePayee, async ({ params, body, caller, traceId }) => {
      const renamed = await renamePayee(payees, { id: params.id, actor: caller, name: body.name });
      return renamed.ok ? { status: 200, body: presentPayee(renamed.value) } : refused(renamed.failure, traceId);
    }),
    endpoint(trustRoute, async ({ params, principal, caller, traceId }) => {
      // What is not theirs is not there, whatever they signed in with.
      if (!(await isKept(payees, params.id, principal.subject))) return refused(NOT_KEPT, traceId);
      const refusal = refuseTrust(principal, payees.clock(), traceId);
      if (refusal !== null) return refusal;
      const trusted = await trustPayee(payees, params.id, caller, true);
      return trusted.ok ? { status: 200, body: presentPayee(trusted.value) } : refused(trusted.failure, traceId);
    }),
    endpoint(distrustPayee, async ({ params, caller, traceId }) => {
      const distrusted = await trustPayee(payees, params.id, caller, false);
      return distrusted.ok
        ? { status: 200, body: presentPayee(distrusted.value) }
        : refused(distrusted.failure, traceId);
    }),
    endpoint(deletePayee, async ({ params, caller, traceId }) => {
      const forgotten = await forgetPayee(payees, params.id, caller);
      return forgotten.ok ? { status: 204 } : refused(forgotten.failure, traceId);
    }),
  ];
}

/** Whom somebody trusts is paid without asking, so a session that somebody left open is not enough for it. */
function refuseTrust(principal: Principal, nowMs: number, traceId: string): Reply | null {
  if (isFreshAndStrong(principal, nowMs)) return null;
  if (principal.hasSecondFactor !== true) {
    const detail = 'Set up an authenticator app or a passkey, and sign in again.';
    return problemReply(problemOf({ code: 'second-factor-needed', detail }, traceId));
  }
  const detail = 'Sign in again with your second factor to trust a payee.';
  const problem = problemOf({ code: 'fresh-sign-in-needed', detail }, traceId);
  return problemReply({ ...problem, headers: { 'www-authenticate': STEP_UP_CHALLENGE } });
}

function refused(failure: InvalidPayee | PayeeRefusal | TooManyChecks, traceId: string): Reply {
  const problem = problemOf(failure, traceId);
  if (failure.code !== 'too-many-payee-checks') return problemReply(problem);
  return problemReply({ ...problem, headers: { 'retry-after': String(failure.retryAfterSeconds) } });
}

/** The holder's name is told to those who nearly knew it. */
function presentCheck({ iban, result, account }: CheckedPayee) {
  return {
    iban,
    result,
    ...(result === 'close-match' && account !== undefined ? { suggestedName: account.holderName } : {}),
  };
}

function presentPayee(payee: Payee): PayeeAnswer {
  return {
    id: payee.id,
    name: payee.name,
    iban: payee.iban,
    nameCheck: payee.nameCheck,
    createdAt: new Date(payee.createdAtMs).toISOString(),
    isTrusted: payee.isTrusted,
    lastPaidAt: payee.lastPaidAtMs === null ? null : new Date(payee.lastPaidAtMs).toISOString(),
  };
}
