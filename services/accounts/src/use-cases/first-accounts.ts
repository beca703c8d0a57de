import type { Tx } from '@florin/postgres';
import type { Asked } from '../domain/first-account.ts';
import { askForAccounts, measureFirstAccounts, takeDueFirstAccounts } from '../repositories/first-accounts.ts';
import { type FirstAccountDeps, openFirstAccount } from './open-first-account.ts';

export interface FirstAccounts {
  /** Writes down who is to have a first account, with the event that asks. The work comes after the commit. */
  ask(tx: Tx, asked: readonly Asked[]): Promise<void>;
  /** Opens what is due. A call while one is at it makes that one look once more. */
  openDue(): Promise<void>;
  /** Begins nothing more, and resolves when nobody is at it. */
  close(): Promise<void>;
}

/** Side by side, for most of one is waiting for the ledger; more would take the connections of those who ask themselves. */
const AT_ONCE = 4;
/** Rounds before whoever waits for the end of this gets their turn. */
const ROUNDS_MAX = 50;
const COUNTED_MAX = 1_000;

/** Opens the first accounts of those who signed up, also after a crash, a restart or an hour without a ledger. */
export function createFirstAccounts(deps: FirstAccountDeps): FirstAccounts {
  const waiting = deps.metrics.gauge('florin_first_accounts_waiting', 'People who wait for their first account');
  const oldest = deps.metrics.gauge('florin_first_account_wait_seconds', 'How long the longest of them has waited');
  let running: Promise<void> | undefined;
  let isAskedAgain = false;
  let isClosed = false;

  async function openOne(customerId: string): Promise<void> {
    try {
      await openFirstAccount(deps, customerId);
    } catch (error) {
      deps.logger.warn({ err: error, customerId }, 'a first account is not open yet');
    }
  }

  async function run(): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX && !isClosed; round += 1) {
      isAskedAgain = false;
      const due = await takeDueFirstAccounts(deps.db, AT_ONCE);
      await Promise.all(due.map(openOne));
      if (due.length === 0 && !isAskedAgain) break;
    }
    const { count, oldestSeconds } = await measureFirstAccounts(deps.db, COUNTED_MAX);
    waiting.set(count);
    oldest.set(oldestSeconds);
  }

  return {
    ask: askForAccounts,
    async openDue() {
      if (isClosed) return;
      isAskedAgain = true;
      running ??= run().finally(() => {
        running = undefined;
      });
      await running;
    },
    async close() {
      isClosed = true;
      await running;
    },
  };
}
