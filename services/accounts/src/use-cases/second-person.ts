import { type Approvable, type Approval, type ApprovalDesk, ask, type Wanted } from '@florin/approvals';
import { formatMoney, parseMoney } from '@florin/money';
import { bucketOf, fail, invariant, ok, type Result } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import { type Actor, isOwner } from '../domain/actor.ts';
import { type ControlRequest, decideControl, takesTwo } from '../domain/control.ts';
import { type AccountFailure, NOT_FOUND } from '../domain/failures.ts';
import { findAccount } from '../repositories/accounts.ts';
import { type Changed, changeAccount } from './change-account.ts';
import type { Deps } from './ports.ts';

const UNFREEZE = 'accounts.unfreeze';
const RAISE_LIMIT = 'accounts.raise-limit';
export const CLOSE = 'accounts.close';

/** What came of it: it is so, or it waits for a second person. */
export type ChangedOrAsked = Changed | { readonly approval: Approval };

/**
 * Changes an account as `changeAccount` does, or asks for it where it takes two people: a second one decides, and nothing has
 * changed before. What is so already is answered as it is. Fails as `changeAccount` does, and with `approval-pending` when the
 * same waits already.
 */
export async function changeOrAsk(
  deps: Deps,
  desk: ApprovalDesk,
  accountId: string,
  { request, actor }: { readonly request: ControlRequest; readonly actor: Actor },
): Promise<Result<ChangedOrAsked, AccountFailure>> {
  const account = await findAccount(deps.db, accountId);
  if (account === undefined) return fail(NOT_FOUND);
  if (!takesTwo(account, request, actor)) return changeAccount(deps, accountId, request, actor);
  const decision = decideControl(account, request, actor);
  if (!decision.ok) return decision;
  if (decision.value === 'unchanged') return ok({ account });
  const wanted = wantedFrom(account, { ...wantedOf(request), reason: request.reason });
  const asked = await ask(desk, actor, wanted);
  return asked.ok ? ok({ approval: asked.value }) : asked;
}

function wantedOf(request: ControlRequest): Pick<Approval, 'action' | 'payload'> {
  if (request.action === 'close') return { action: CLOSE, payload: {} };
  if (request.action !== 'set-daily-limit') return { action: UNFREEZE, payload: {} };
  const { dailyLimitMinor, currency } = request;
  return { action: RAISE_LIMIT, payload: { ...formatMoney(dailyLimitMinor, currency) } };
}

const NOT_SAID = 'No reason was given.';

/** What is asked to be done to an account; of one kind only one question is open at a time. */
export function wantedFrom(
  { id, iban }: Account,
  asked: Pick<Approval, 'action' | 'payload'> & { readonly reason: string | undefined; readonly requestKey?: string },
): Wanted {
  const { action, payload, reason = NOT_SAID } = asked;
  const bucket = bucketOf(id);
  return { ...asked, resource: id, payload: { iban, ...payload }, reason, bucket, exclusiveKey: `${action} ${id}` };
}

/** How accounts are changed where two people want it. */
export function accountApprovables(deps: Deps): ApprovalDesk['kinds'] {
  return {
    [UNFREEZE]: approvableOf(deps, ({ reason }) => ({ action: 'unfreeze', reason })),
    [RAISE_LIMIT]: approvableOf(deps, ({ payload, reason }) => {
      const { amount = '', currency = '' } = payload;
      const limit = parseMoney({ amount, currency });
      invariant(limit.ok, 'a limit that was asked for is an amount');
      return { action: 'set-daily-limit', dailyLimitMinor: limit.value.amountMinor, currency, reason };
    }),
  };
}

function approvableOf(deps: Deps, requestOf: (approval: Approval) => ControlRequest): Approvable {
  return {
    carryOut: (approval, settle) =>
      changeAccount(deps, approval.resource, requestOf(approval), actorOf(approval), settle),
    ...lookingAt(deps),
  };
}

/** Who asked, as they were then: what was approved is what may be done, whatever its maker may do by now. */
export function actorOf({ maker, makerRoles, traceId, checker }: Approval): Actor {
  invariant(checker !== null, 'who approved it is known');
  return { subject: maker, roles: makerRoles, permissions: ASKED_FOR, traceId, secondPerson: checker };
}

const ASKED_FOR: ReadonlySet<string> = new Set(['accounts:unfreeze:any', 'accounts:change:any', 'accounts:close:any']);

/** Who may not decide, and how the account is now. */
export function lookingAt({ db }: Pick<Deps, 'db'>): Pick<Approvable, 'refusal' | 'current'> {
  return {
    async refusal({ resource }, checker) {
      const account = await findAccount(db, resource);
      return account !== undefined && isOwner(account.owners, { subject: checker }) ? OWN_ACCOUNT : undefined;
    },
    async current({ resource }) {
      const account = await findAccount(db, resource);
      if (account === undefined) return {};
      const { status, iban, dailyLimitMinor, currency } = account;
      return { status, iban, dailyLimit: formatMoney(dailyLimitMinor, currency).amount, currency };
    },
  };
}

const OWN_ACCOUNT: AccountFailure = {
  code: 'own-account',
  detail: 'Nobody decides about an account of their own.',
};
