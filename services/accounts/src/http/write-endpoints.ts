import { hash } from 'node:crypto';
import { type ApprovalDesk, askedReply } from '@florin/approvals';
import {
  closeAccount as closeAccountRoute,
  freezeAccount,
  openAccount as openAccountRoute,
  unfreezeAccount,
  updateAccount,
} from '@florin/contracts';
import { type CallContext, commonProblem, type Endpoint, endpoint, type Reply } from '@florin/http';
import { normaliseIban, parseMoney } from '@florin/money';
import { ok } from '@florin/primitives';
import type { ControlRequest } from '../domain/control.ts';
import { type CloseDeps, closeAccount } from '../use-cases/close-account.ts';
import { askToClose } from '../use-cases/close-by-staff.ts';
import { type OpenOutcome, openAccount } from '../use-cases/open-account.ts';
import { withBalances } from '../use-cases/read-accounts.ts';
import { renameAccount } from '../use-cases/rename-account.ts';
import { changeOrAsk } from '../use-cases/second-person.ts';
import { actorOf } from './callers.ts';
import { erasureEndpoints } from './erasure-endpoints.ts';
import { minimumVersions } from './minimum-versions.ts';
import { presentAccount } from './presenters.ts';
import { refusal } from './problems.ts';

export interface WriteDeps extends CloseDeps {
  readonly approvals: ApprovalDesk;
}

/** What people change. An answer that changed the ledger says which version its caller must be able to read. */
export function writeEndpoints(deps: WriteDeps): Endpoint[] {
  return [
    endpoint(openAccountRoute, async (call) => {
      const { productCode, name } = call.body;
      const outcome = await openAccount(deps, {
        actor: actorOf(call),
        productCode,
        ...(name === undefined ? {} : { name }),
        key: { scope: `${call.principal.subject} ${openAccountRoute.operationId}`, key: call.idempotencyKey },
        fingerprint: hash('sha256', JSON.stringify(['openAccount', productCode, name ?? null]), 'base64url'),
      });
      return keyedReply(outcome, call.traceId);
    }),
    endpoint(updateAccount, (call) => update(deps, call)),
    endpoint(freezeAccount, (call) => change(deps, call, { action: 'freeze', reason: call.body.reason })),
    endpoint(unfreezeAccount, (call) => change(deps, call, { action: 'unfreeze', reason: call.body.reason })),
    endpoint(closeAccountRoute, (call) => close(deps, call)),
    ...erasureEndpoints(deps),
  ];
}

/** An empty account is closed at once; one whose money goes elsewhere takes steps. */
async function close(deps: WriteDeps, call: CallContext<typeof closeAccountRoute>): Promise<Reply> {
  const { body, params, principal, idempotencyKey, traceId } = call;
  const { restTo, reason } = body;
  if (restTo === undefined) return change(deps, call, { action: 'close', reason });
  if (idempotencyKey === '') return commonProblem('idempotency-key-missing', traceId);
  const actor = actorOf(call);
  const wish = { accountId: params.id, restTo, reason, actor, idempotencyKey };
  const asked = await askToClose(deps, deps.approvals, wish);
  if (!asked.ok) return refusal(asked.failure, traceId);
  if (asked.value !== null) return askedReply(deps.approvals, ok(asked.value), traceId);
  const outcome = await closeAccount(deps, {
    accountId: params.id,
    restTo,
    actor: {
      ...actor,
      confirmsPayments: deps.strongAuthentication === 'always' || principal.hasSecondFactor === true,
    },
    key: { scope: `${principal.subject} ${closeAccountRoute.operationId}`, key: idempotencyKey },
    fingerprint: hash('sha256', JSON.stringify(['closeAccount', params.id, normaliseIban(restTo)]), 'base64url'),
  });
  switch (outcome.kind) {
    case 'refused':
      return refusal(outcome.failure, traceId);
    case 'under-way': {
      const [found] = await withBalances(deps, [outcome.account], minimumVersions(call.headers));
      return { status: 202, body: found && presentAccount(found.account, found.balance) };
    }
    default:
      return keyedReply(outcome, traceId);
  }
}

function keyedReply(outcome: OpenOutcome, traceId: string): Reply {
  if (outcome.kind === 'key-reused') {
    const detail = 'This Idempotency-Key was used before with another request.';
    return refusal({ code: 'idempotency-key-reused', detail }, traceId);
  }
  const { status, body } = outcome.answer;
  return {
    status,
    text: body,
    headers: {
      ...(outcome.isReplay ? { 'idempotency-replayed': 'true' } : {}),
      ...(status < 300 ? versionHeader(JSON.parse(body) as { id: string; balance: { version: number } }) : {}),
    },
    ...(status >= 400 ? { contentType: 'application/problem+json; charset=utf-8' } : {}),
  };
}

async function update(deps: WriteDeps, call: CallContext<typeof updateAccount>): Promise<Reply> {
  const { name, dailyLimit, reason } = call.body;
  if (isMoreThanOneThing(call.body)) return commonProblem('invalid-request', call.traceId, ONE_THING);
  if (dailyLimit !== undefined) {
    const limit = parseMoney(dailyLimit);
    if (!limit.ok) return refusal({ code: 'invalid-amount', detail: limit.failure.detail }, call.traceId);
    const { amountMinor: dailyLimitMinor, currency } = limit.value;
    return change(deps, call, { action: 'set-daily-limit', dailyLimitMinor, currency, reason });
  }
  const renamed = await renameAccount(deps, call.params.id, name ?? '', actorOf(call));
  if (!renamed.ok) return refusal(renamed.failure, call.traceId);
  const [found] = await withBalances(deps, [renamed.value], minimumVersions(call.headers));
  return { status: 200, body: found && presentAccount(found.account, found.balance) };
}

const ONE_THING = { detail: 'One thing at a time: a name, or a daily limit and why.' };

function isMoreThanOneThing({ name, dailyLimit, reason }: CallContext<typeof updateAccount>['body']): boolean {
  return name === undefined ? dailyLimit === undefined : dailyLimit !== undefined || reason !== undefined;
}

type ChangeCall =
  | CallContext<typeof updateAccount>
  | CallContext<typeof freezeAccount>
  | CallContext<typeof unfreezeAccount>
  | CallContext<typeof closeAccountRoute>;

/** What nobody does alone is not done yet: somebody else decides. */
async function change(deps: WriteDeps, call: ChangeCall, request: ControlRequest): Promise<Reply> {
  const changed = await changeOrAsk(deps, deps.approvals, call.params.id, { request, actor: actorOf(call) });
  if (!changed.ok) return refusal(changed.failure, call.traceId);
  if ('approval' in changed.value) return askedReply(deps.approvals, ok(changed.value.approval), call.traceId);
  const { account, finished } = changed.value;
  if (finished !== undefined) {
    const body = presentAccount(account, finished.balance);
    return { status: 200, body, headers: versionHeader(body) };
  }
  const [found] = await withBalances(deps, [account], minimumVersions(call.headers));
  return { status: 200, body: found && presentAccount(found.account, found.balance) };
}

/** Read by the gateway: later reads of this caller must show at least this version. */
function versionHeader(account: { readonly id: string; readonly balance: { readonly version: number } }) {
  return { 'florin-account-version': `${account.id}=${account.balance.version}` };
}
