import { type ActionOrigin, fail, ok, type Result } from '@florin/primitives';
import type { Account, EnforcedStatus } from './account.ts';
import { type Actor, isOwner, isStaffFor, type StaffPermission } from './actor.ts';
import { type AccountFailure, NOT_FOUND } from './failures.ts';
import type { Follows } from './follows.ts';

/** What someone wants to change about an account that the ledger must enforce. */
export type ControlRequest =
  | { readonly action: 'freeze'; readonly reason: string }
  | { readonly action: 'unfreeze'; readonly reason: string }
  | { readonly action: 'close'; readonly reason?: string | undefined }
  | {
      readonly action: 'set-daily-limit';
      readonly dailyLimitMinor: bigint;
      readonly currency: string;
      readonly reason?: string | undefined;
    };

/** `fence` states again what stays in force after a refusal; nobody asks for it. */
export type ControlAction = 'open' | ControlRequest['action'] | 'fence';

/** What the ledger is to enforce from now on. */
export interface Wanted {
  readonly status: EnforcedStatus;
  readonly dailyLimitMinor: bigint;
}

/** An instruction to the ledger, kept until its answer is known. */
export interface ControlIntent {
  readonly accountId: string;
  readonly controlVersion: number;
  readonly action: ControlAction;
  readonly wanted: Wanted;
  readonly actor: string;
  readonly roles: readonly string[];
  readonly reason: string | null;
  readonly traceId: string;
  readonly origin?: ActionOrigin;
  /** What asked for it, when that was no person's request. */
  readonly follows?: Follows;
}

/** A request has this long for its own intent: the call to the ledger is given up earlier. */
export const SWEEP_AFTER_MS = 10_000;

export const CLOSED: AccountFailure = { code: 'account-closed', detail: 'The account is closed.' };
/** A saga is at it; whatever else is wanted waits for its end. */
const CLOSING: AccountFailure = {
  code: 'change-in-progress',
  detail: 'The account is being closed. Try again shortly.',
};
const OPENING: AccountFailure = { code: 'account-opening', detail: 'The account is still being opened.' };
const STAFF_ONLY: AccountFailure = {
  code: 'staff-only',
  detail: 'Only staff may do this, and not on their own account.',
};
const FROZEN: AccountFailure = {
  code: 'account-frozen',
  detail: 'A frozen account can be closed only by staff.',
};

const NEEDED: Readonly<Record<ControlRequest['action'], StaffPermission>> = {
  freeze: 'accounts:freeze:any',
  unfreeze: 'accounts:unfreeze:any',
  close: 'accounts:close:any',
  'set-daily-limit': 'accounts:change:any',
};

type Decision = Result<Wanted | 'unchanged', AccountFailure>;

/**
 * Whether nobody does this alone: what takes money's protection away, and the closing of what is somebody else's. To freeze and
 * to lower a limit is done at once, and owners close what is theirs.
 */
export function takesTwo(account: Account, request: ControlRequest, actor: Actor): boolean {
  switch (request.action) {
    case 'freeze':
      return false;
    case 'unfreeze':
      return true;
    case 'close':
      return !isOwner(account.owners, actor);
    case 'set-daily-limit':
      return request.dailyLimitMinor > account.dailyLimitMinor;
  }
}

/** Refuses with `second-person-required` what takes two people and has one, whichever way it came here. */
export function checkSecondPerson(
  account: Account,
  request: ControlRequest,
  actor: Actor,
): Result<true, AccountFailure> {
  const { secondPerson, subject } = actor;
  const isAlone = secondPerson === undefined || secondPerson === subject;
  return isAlone && takesTwo(account, request, actor) ? fail(SECOND_PERSON) : ok(true);
}

const SECOND_PERSON: AccountFailure = {
  code: 'second-person-required',
  detail: 'Somebody else than who asked for it decides about it.',
};

/**
 * What the ledger must be told, or `unchanged` when it already enforces it. Fails with `account-not-found` (also for
 * an account that is not the actor's to see), `staff-only`, `account-opening`, `account-closed`,
 * `change-in-progress` while it is being closed, or, when an owner closes a frozen account, `account-frozen`; with
 * `currency-mismatch` for a limit in another currency.
 */
export function decideControl(account: Account, request: ControlRequest, actor: Actor): Decision {
  const allowed = checkActor(account, request, actor);
  if (!allowed.ok) return allowed;
  if (account.status === 'opening') return fail(OPENING);
  if (account.status === 'closing') return fail(CLOSING);
  if (account.status === 'closed') {
    return request.action === 'close' ? ok('unchanged') : fail(CLOSED);
  }
  switch (request.action) {
    case 'freeze':
      return changeStatus(account, 'frozen');
    case 'unfreeze':
      return changeStatus(account, 'active');
    case 'close':
      if (account.status === 'frozen' && !isStaffFor(account, actor, 'accounts:close:any')) return fail(FROZEN);
      return changeStatus(account, 'closed');
    case 'set-daily-limit':
      return setDailyLimit(account, account.status, request);
  }
}

function checkActor(account: Account, request: ControlRequest, actor: Actor): Result<true, AccountFailure> {
  const owns = isOwner(account.owners, actor);
  const isStaff = isStaffFor(account, actor, NEEDED[request.action]);
  if (!owns && !isStaff) return fail(NOT_FOUND);
  const needsStaff = request.action === 'unfreeze' || request.action === 'set-daily-limit';
  return needsStaff && !isStaff ? fail(STAFF_ONLY) : ok(true);
}

function changeStatus(account: Account, status: EnforcedStatus): Decision {
  if (account.status === status) return ok('unchanged');
  return ok({ status, dailyLimitMinor: account.dailyLimitMinor });
}

function setDailyLimit(
  account: Account,
  status: EnforcedStatus,
  request: { readonly dailyLimitMinor: bigint; readonly currency: string },
): Decision {
  if (request.currency !== account.currency) {
    return fail({ code: 'currency-mismatch', detail: `The account is kept in ${account.currency}.` });
  }
  if (request.dailyLimitMinor === account.dailyLimitMinor) return ok('unchanged');
  return ok({ status, dailyLimitMinor: request.dailyLimitMinor });
}
