import type { Tx } from '@florin/postgres';
import { fail, invariant, ok, type Result } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import { actorThen } from '../domain/actor.ts';
import type { Balance, LedgerBalance } from '../domain/balance.ts';
import { CLOSED, type ControlIntent, SWEEP_AFTER_MS } from '../domain/control.ts';
import type { Fact } from '../domain/facts.ts';
import type { AccountFailure } from '../domain/failures.ts';
import type { LedgerRefusal } from '../domain/ledger-instruction.ts';
import { findAccount, lockAccount, setControlVersion, setEnforced, setOpenedAt } from '../repositories/accounts.ts';
import { answerCommand } from '../repositories/commands.ts';
import { endIntent, findOpenIntent, findOutcome, insertIntent } from '../repositories/control-intents.ts';
import type { Deps } from './ports.ts';

export interface Finished {
  readonly account: Account;
  /** As the ledger had it when it obeyed. */
  readonly balance: Balance;
}

/**
 * Tells the ledger what an intent wants, and writes down what it answered together with what others must hear of it.
 * Safe to run again and side by side: the ledger applies a control version once, and one of us ends the intent. Fails
 * with `account-not-empty`, or with `account-closed` when the ledger had closed the account before. A ledger that is
 * away is thrown as a fault, and the intent stays open for the sweeper.
 */
export async function finishIntent(deps: Deps, intent: ControlIntent): Promise<Result<Finished, AccountFailure>> {
  const account = await findAccount(deps.db, intent.accountId);
  invariant(account, 'an intent belongs to an account');
  const answer = await deps.ledger.enforce({ account, controlVersion: intent.controlVersion, wanted: intent.wanted });
  const ended = await deps.db.transaction((tx) => writeAnswer(deps, tx, intent, answer));
  return ended.ok || intent.action !== 'close' ? ended : finishRefusal(deps, intent.accountId);
}

const NOT_EMPTY = fail<AccountFailure>({
  code: 'account-not-empty',
  detail: 'The account still holds money or open holds. Move the money away and try again.',
});

/**
 * A refusal is answered when its fence stands. Until then a copy of the refused instruction that is still on its way
 * may find the account empty and close it after all: then it is closed, which is what was asked for.
 */
async function finishRefusal(deps: Deps, accountId: string): Promise<Result<Finished, AccountFailure>> {
  const open = await findOpenIntent(deps.db, accountId);
  if (open?.action === 'fence') await finishIntent(deps, open);
  const account = await findAccount(deps.db, accountId);
  if (account?.status !== 'closed') return NOT_EMPTY;
  const balance = await deps.ledger.balance(accountId);
  invariant(balance, 'the ledger closed an account that it does not have');
  return ok({ account, balance });
}

async function writeAnswer(
  deps: Deps,
  tx: Tx,
  intent: ControlIntent,
  answer: Result<LedgerBalance, LedgerRefusal>,
): Promise<Result<Finished, AccountFailure>> {
  const before = await lockAccount(tx, intent.accountId);
  invariant(before, 'accounts are never deleted');
  const outcome = answer.ok ? 'applied' : 'refused';
  const isOurs = await endIntent(tx, intent, outcome, answer.ok ? null : answer.failure.code);
  if (!isOurs) {
    const known = await findOutcome(tx, intent.accountId, intent.controlVersion);
    if (known === 'applied' && answer.ok) return ok({ account: before, balance: answer.value });
    return before.status === 'closed' ? fail(CLOSED) : NOT_EMPTY;
  }
  if (answer.ok) return ok(await writeApplied(deps, tx, intent, before, answer.value));
  if (answer.failure.code === 'account-closed') {
    await writeClosed(deps, tx, intent, before);
    return fail(CLOSED);
  }
  await deps.publish(tx, [action(intent, 'refused')]);
  await insertFence(tx, intent, before);
  return NOT_EMPTY;
}

/** The instruction that restates what stays in force, written with the refusal it follows. */
async function insertFence(tx: Tx, refused: ControlIntent, account: Account): Promise<void> {
  const { status, dailyLimitMinor } = account;
  invariant(refused.action === 'close' && status !== 'opening', 'only the closing of an open account is refused');
  const controlVersion = account.controlVersion + 1;
  await setControlVersion(tx, account.id, controlVersion);
  await insertIntent(
    tx,
    { ...refused, action: 'fence', controlVersion, wanted: { status, dailyLimitMinor } },
    SWEEP_AFTER_MS,
  );
}

/** The ledger says that the account is closed: a closing that was thought refused went through before its fence. */
async function writeClosed(deps: Deps, tx: Tx, intent: ControlIntent, before: Account): Promise<void> {
  if (before.status === 'closed') return;
  const { id, owners, dailyLimitMinor } = before;
  const { controlVersion } = intent;
  await setEnforced(tx, id, { status: 'closed', dailyLimitMinor });
  await deps.publish(tx, [
    action({ ...intent, action: 'close' }, 'done'),
    { kind: 'status-changed', accountId: id, status: 'closed', owners, controlVersion },
  ]);
}

async function writeApplied(
  deps: Deps,
  tx: Tx,
  intent: ControlIntent,
  before: Account,
  balance: LedgerBalance,
): Promise<Finished> {
  const isOpening = intent.action === 'open';
  const account = { ...before, ...intent.wanted, ...(isOpening ? { openedAtMs: balance.asOfMs } : {}) };
  await setEnforced(tx, account.id, intent.wanted);
  if (isOpening) await setOpenedAt(tx, account.id, account.openedAtMs);
  // A fence changes nothing, and the refusal before it is on record.
  const facts: Fact[] = intent.action === 'fence' ? [] : [action(intent, 'done')];
  if (before.status !== account.status) {
    facts.push({
      kind: 'status-changed',
      accountId: account.id,
      status: intent.wanted.status,
      owners: account.owners,
      controlVersion: intent.controlVersion,
      ...(intent.follows === undefined ? {} : { follows: intent.follows }),
    });
  }
  await deps.publish(tx, facts);
  if (isOpening) await answerCommand(tx, account.id, deps.presentOpened(account, balance));
  return { account, balance };
}

function action(intent: ControlIntent, outcome: 'done' | 'refused'): Fact {
  return {
    kind: 'action',
    id: `${intent.accountId}:${intent.controlVersion}`,
    accountId: intent.accountId,
    action: `account.${intent.action}`,
    actor: actorThen(intent),
    outcome,
    reason: intent.reason,
  };
}
