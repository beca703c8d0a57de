import type { Tx } from '@florin/postgres';
import { invariant } from '@florin/primitives';
import type { Operation, Outcome } from '@florin/saga';
import type { Account, EnforcedStatus } from '../domain/account.ts';
import { actorThen } from '../domain/actor.ts';
import type { AccountClosing } from '../domain/closing.ts';
import type { Fact } from '../domain/facts.ts';
import { lockAccount, setEnforced } from '../repositories/accounts.ts';
import { fromInput } from '../sagas/account-closing.ts';
import type { Deps } from './ports.ts';

const DONE: Outcome = { kind: 'applied', output: {} };

/**
 * This service's part in closing an account. Nothing of it can be refused: what could be was decided before, under the lock
 * of the account, and while it is marked nobody else changes it.
 */
export function closingOperations({ publish }: Pick<Deps, 'publish'>): Readonly<Record<string, Operation>> {
  return {
    async 'mark-closing'(tx, { input }) {
      await change(tx, fromInput(input), 'closing');
      return DONE;
    },
    async unmark(tx, { input }) {
      const closing = fromInput(input);
      await change(tx, closing, closing.statusBefore);
      await publish(tx, [action(closing, 'refused')]);
      return DONE;
    },
    async 'record-closed'(tx, { input }) {
      const closing = fromInput(input);
      const { id, owners } = await change(tx, closing, 'closed');
      await publish(tx, [
        action(closing, 'done'),
        {
          kind: 'status-changed',
          accountId: id,
          status: 'closed',
          owners,
          controlVersion: closing.controlVersion + 1,
        },
      ]);
      return DONE;
    },
  };
}

async function change(tx: Tx, { accountId }: AccountClosing, status: EnforcedStatus): Promise<Account> {
  const account = await lockAccount(tx, accountId);
  invariant(account, 'accounts are never deleted');
  await setEnforced(tx, accountId, { status, dailyLimitMinor: account.dailyLimitMinor });
  return account;
}

function action(closing: AccountClosing, outcome: 'done' | 'refused'): Fact {
  const { accountId, controlVersion } = closing;
  const what = { id: `${accountId}:${controlVersion}`, action: 'account.close', outcome, reason: null };
  return { kind: 'action', accountId, actor: actorThen(closing), ...what };
}
