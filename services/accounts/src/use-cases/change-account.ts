import type { Tx } from '@florin/postgres';
import { fail, ok, type Result } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import { type Actor, askedBy } from '../domain/actor.ts';
import {
  type ControlIntent,
  type ControlRequest,
  checkSecondPerson,
  decideControl,
  SWEEP_AFTER_MS,
} from '../domain/control.ts';
import { type AccountFailure, NOT_FOUND } from '../domain/failures.ts';
import { lockAccount, setControlVersion } from '../repositories/accounts.ts';
import { findOpenIntent, insertIntent } from '../repositories/control-intents.ts';
import { type Finished, finishIntent } from './finish-intent.ts';
import type { Deps } from './ports.ts';

/** How often a request finishes what others left open on the account before it gives way. */
const TURNS_MAX = 3;

/** The account as it is now, and its balance when the ledger was asked. */
export type Changed = { readonly account: Account; readonly finished?: Finished };

/**
 * Freezes, unfreezes or closes an account, or sets its daily limit: an intent here, then the ledger, and success only
 * when the ledger enforces it. What is so already is a success without effect. Fails as `decideControl` and
 * `checkSecondPerson` do, with `account-not-empty` when the ledger will not close, and with `change-in-progress` when
 * others keep changing the account. A ledger that is away is a fault; the intent is then finished later. `settle` commits with the intent.
 */
export async function changeAccount(
  deps: Deps,
  accountId: string,
  request: ControlRequest,
  actor: Actor,
  settle: Settle = ALWAYS,
): Promise<Result<Changed, AccountFailure>> {
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const begun = await deps.db.transaction((tx) => begin(tx, accountId, request, actor, settle));
    if (!begun.ok) return begun;
    const { account, intent, isOurs } = begun.value;
    if (intent === undefined) return ok({ account });
    const finished = await finishIntent(deps, intent);
    if (isOurs) return finished.ok ? ok({ account: finished.value.account, finished: finished.value }) : finished;
  }
  return fail({ code: 'change-in-progress', detail: 'The account is being changed by others. Try again shortly.' });
}

/** What commits with the decision to change something; false when that was decided before, and nothing is to change. */
export type Settle = (tx: Tx) => Promise<boolean>;
const ALWAYS: Settle = async () => true;

interface Begun {
  readonly account: Account;
  readonly intent?: ControlIntent;
  /** False when the intent is one that someone else left open: it must end before ours can be decided. */
  readonly isOurs: boolean;
}

async function begin(
  tx: Tx,
  accountId: string,
  request: ControlRequest,
  actor: Actor,
  settle: Settle,
): Promise<Result<Begun, AccountFailure>> {
  const account = await lockAccount(tx, accountId);
  if (account === undefined) return fail(NOT_FOUND);
  const decision = decideControl(account, request, actor);
  const open = await findOpenIntent(tx, accountId);
  if (open !== undefined) {
    const mayKnow = decision.ok || decision.failure.code !== NOT_FOUND.code;
    return mayKnow ? ok({ account, intent: open, isOurs: false }) : decision;
  }
  if (!decision.ok) return decision;
  const agreed = checkSecondPerson(account, request, actor);
  if (decision.value !== 'unchanged' && !agreed.ok) return agreed;
  if (!(await settle(tx)) || decision.value === 'unchanged') return ok({ account, isOurs: true });
  const intent: ControlIntent = {
    accountId,
    controlVersion: account.controlVersion + 1,
    action: request.action,
    wanted: decision.value,
    ...askedBy(actor),
    reason: request.reason ?? null,
  };
  await setControlVersion(tx, accountId, intent.controlVersion);
  await insertIntent(tx, intent, SWEEP_AFTER_MS);
  return ok({ account, intent, isOurs: true });
}
