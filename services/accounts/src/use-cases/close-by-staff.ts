import { type Approvable, type Approval, type ApprovalDesk, ask, askedBefore } from '@florin/approvals';
import { isValidIban, normaliseIban } from '@florin/money';
import { fail, invariant, ok, type Result } from '@florin/primitives';
import type { Actor } from '../domain/actor.ts';
import { decideClosing } from '../domain/closing.ts';
import { takesTwo } from '../domain/control.ts';
import { type AccountFailure, NOT_FOUND } from '../domain/failures.ts';
import { findAccount, findAccountByIban } from '../repositories/accounts.ts';
import { changeAccount } from './change-account.ts';
import { type CloseDeps, closeAccount, INVALID_PAYEE } from './close-account.ts';
import type { Deps } from './ports.ts';
import { actorOf, CLOSE, lookingAt, wantedFrom } from './second-person.ts';

interface Wish {
  readonly accountId: string;
  /** The IBAN of the account that gets the money, as people write it. */
  readonly restTo: string;
  readonly reason: string | undefined;
  readonly actor: Actor;
  readonly idempotencyKey: string;
}

/**
 * Asks that an account of somebody else be closed and its money moved; a second person decides. The same key is the same
 * question. Null for who owns the account: they close it alone. Fails as `decideClosing` does, with `invalid-payee`, and with
 * `approval-pending` while a closing waits already.
 */
export async function askToClose(
  { db }: Pick<Deps, 'db'>,
  desk: ApprovalDesk,
  { accountId, restTo, reason, actor, idempotencyKey }: Wish,
): Promise<Result<Approval | null, AccountFailure>> {
  const account = await findAccount(db, accountId);
  if (account === undefined) return fail(NOT_FOUND);
  if (!takesTwo(account, { action: 'close' }, actor)) return ok(null);
  const iban = normaliseIban(restTo);
  if (!isValidIban(iban)) return fail(INVALID_PAYEE);
  const requestKey = `${actor.subject} close ${idempotencyKey}`;
  const wanted = wantedFrom(account, { action: CLOSE, payload: { restTo: iban }, reason, requestKey });
  const before = await askedBefore(desk, actor, wanted);
  if (!before.ok) return before;
  if (before.value !== undefined) return ok(before.value);
  const decision = decideClosing(account, await findAccountByIban(db, iban), actor);
  return decision.ok ? ask(desk, actor, wanted) : decision;
}

/** How an account is closed that two people want closed. */
export function closingApprovable(deps: CloseDeps): Approvable {
  return {
    async carryOut(approval, settle) {
      const { resource, payload, reason } = approval;
      if (payload['restTo'] !== undefined) return closeInto(deps, approval, payload['restTo'], settle);
      const closed = await changeAccount(deps, resource, { action: 'close', reason }, actorOf(approval));
      // Not before the ledger has said yes. To close what was closed before a crash changes nothing.
      if (closed.ok) await deps.db.transaction(settle);
      return closed;
    },
    ...lookingAt(deps),
  };
}

/** In steps, under a key of the approval's own: a crash in between finds what was begun. What is under way stays approved. */
async function closeInto(
  deps: CloseDeps,
  approval: Approval,
  restTo: string,
  settle: Parameters<Approvable['carryOut']>[1],
): Promise<Result<unknown, AccountFailure>> {
  const { id, resource: accountId, maker, fingerprint } = approval;
  const key = { scope: `${maker} approved-closing`, key: id };
  const outcome = await closeAccount(deps, { accountId, restTo, actor: actorOf(approval), key, fingerprint });
  invariant(outcome.kind !== 'key-reused', 'the key of an approval is its own');
  if (outcome.kind === 'refused') return fail(outcome.failure);
  if (outcome.kind === 'under-way') return ok(null);
  const { status, body } = outcome.answer;
  if (status >= 400) return fail(JSON.parse(body) as AccountFailure);
  await deps.db.transaction(settle);
  return ok(null);
}
