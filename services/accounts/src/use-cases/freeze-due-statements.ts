import { lastDay, type Month, monthOf, previousMonth } from '../domain/month.ts';
import { findAccount } from '../repositories/accounts.ts';
import { findAccountsDue } from '../repositories/statements.ts';
import { freezeStatements } from './freeze-statements.ts';
import type { Deps } from './ports.ts';

/** Accounts looked at in one step. A step a second is four million accounts a day, and leaves requests their room. */
const ACCOUNTS_PER_STEP = 50;
/** When accounts were left out because the ledger or the read model was not there yet. */
const WALK_AGAIN_AFTER_MS = 10 * 60_000;

const BEFORE_ALL_IDS = '00000000-0000-0000-0000-000000000000';

interface Walk {
  readonly month: Month;
  readonly after: string;
  readonly leftOut: number;
  /** When the walk may start once more; null while it is under way. */
  readonly againAtMs: number | null;
}

/**
 * Makes the statements of a month soon after its end, so that few are made while somebody waits: one walk over all
 * accounts, a bounded step at each call, and then nothing until the next month. The system's clock says when to look;
 * whether a month is over is still the ledger's word. A step answers how many accounts it froze.
 */
export function statementWalk(deps: Pick<Deps, 'db' | 'ledger' | 'clock' | 'logger'>): () => Promise<number> {
  let walk = startWalk('');
  return async () => {
    const month = previousMonth(monthOf(deps.clock()));
    const isTimeAgain = walk.againAtMs !== null && deps.clock() >= walk.againAtMs;
    if (walk.month !== month || isTimeAgain) walk = startWalk(month);
    if (walk.againAtMs !== null) return 0;
    const step = { after: walk.after, limit: ACCOUNTS_PER_STEP, to: lastDay(month) };
    const { accountIds, last } = await findAccountsDue(deps.db, step);
    const frozen = await freezeAll(deps, accountIds);
    const leftOut = walk.leftOut + accountIds.length - frozen;
    const endsAgainAtMs = leftOut === 0 ? Number.POSITIVE_INFINITY : deps.clock() + WALK_AGAIN_AFTER_MS;
    walk = { month, after: last ?? walk.after, leftOut, againAtMs: last === null ? endsAgainAtMs : null };
    return frozen;
  };
}

function startWalk(month: Month): Walk {
  return { month, after: BEFORE_ALL_IDS, leftOut: 0, againAtMs: null };
}

/** How many of the accounts have all their statements now; one that fails does not keep the others waiting. */
async function freezeAll(deps: Pick<Deps, 'db' | 'ledger' | 'logger'>, accountIds: readonly string[]): Promise<number> {
  let frozen = 0;
  for (const accountId of accountIds) {
    try {
      const account = await findAccount(deps.db, accountId);
      if (account === undefined) continue;
      const { isBehind } = await freezeStatements(deps, account);
      if (!isBehind) frozen += 1;
    } catch (error) {
      deps.logger.warn({ err: error, accountId }, 'a statement could not be made yet');
    }
  }
  return frozen;
}
