import type { Tx } from '@florin/postgres';
import { fail, invariant, ok, type Result } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import type { Balance } from '../domain/balance.ts';
import type { ControlIntent } from '../domain/control.ts';
import type { Fact } from '../domain/facts.ts';
import type { AccountFailure } from '../domain/failures.ts';
import { findAccount, lockAccount, setEnforced } from '../repositories/accounts.ts';
import { answerCommand } from '../repositories/commands.ts';
import { endIntent, findOutcome } from '../repositories/control-intents.ts';
import type { Deps } from './ports.ts';

export interface Finished {
  readonly account: Account;
  /** As the ledger had it when it obeyed. */
  readonly balance: Balance;
}

/**
 * Tells the ledger what an intent wants, and writes down what it answered together with what others must hear of it.
 * Safe to run again and side by side: the ledger applies a control version once, and one of us ends the intent. Fails
 * with `account-not-empty`. A ledger that is away is thrown as a fault, and the intent stays open for the sweeper.
 */
export async function finishIntent(deps: Deps, intent: ControlIntent): Promise<Result<Finished, AccountFailure>> {
  const account = await findAccount(deps.db, intent.accountId);
  invariant(account, 'an intent belongs to an account');
  const answer = await deps.ledger.enforce({ account, controlVersion: intent.controlVersion, wanted: intent.wanted });
  return deps.db.transaction(async (tx) => {
    const before = await lockAccount(tx, intent.accountId);
    invariant(before, 'accounts are never deleted');
    const isOurs = await endIntent(
      tx,
      intent,
      answer.ok ? 'applied' : 'refused',
      answer.ok ? null : answer.failure.code,
    );
    if (!isOurs) {
      const outcome = await findOutcome(tx, intent.accountId, intent.controlVersion);
      return outcome === 'refused' || !answer.ok ? NOT_EMPTY : ok({ account: before, balance: answer.value });
    }
    if (!answer.ok) {
      await deps.publish(tx, [action(intent, 'refused')]);
      return NOT_EMPTY;
    }
    return ok(await writeApplied(deps, tx, intent, before, answer.value));
  });
}

const NOT_EMPTY = fail<AccountFailure>({
  code: 'account-not-empty',
  detail: 'The account still holds money or open holds. Move the money away and try again.',
});

async function writeApplied(
  deps: Deps,
  tx: Tx,
  intent: ControlIntent,
  before: Account,
  balance: Balance,
): Promise<Finished> {
  const account = { ...before, ...intent.wanted };
  await setEnforced(tx, account.id, intent.wanted);
  const facts: Fact[] = [action(intent, 'done')];
  if (before.status !== account.status) {
    facts.push({
      kind: 'status-changed',
      accountId: account.id,
      status: intent.wanted.status,
      owners: account.owners,
      controlVersion: intent.controlVersion,
    });
  }
  await deps.publish(tx, facts);
  if (intent.action === 'open') await answerCommand(tx, account.id, deps.presentOpened(account, balance));
  return { account, balance };
}

function action(intent: ControlIntent, outcome: 'done' | 'refused'): Fact {
  return {
    kind: 'action',
    id: `${intent.accountId}:${intent.controlVersion}`,
    accountId: intent.accountId,
    action: `account.${intent.action}`,
    actor: intent.actor,
    roles: intent.roles,
    outcome,
    reason: intent.reason,
    traceId: intent.traceId,
  };
}
