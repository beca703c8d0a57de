import { measureOpenIntents, takeDueIntents } from '../repositories/control-intents.ts';
import { finishIntent } from './finish-intent.ts';
import type { Deps } from './ports.ts';

/** One sweep takes at most this many; a ledger that is back must not be met by a herd. */
const INTENTS_PER_SWEEP_MAX = 20;
const COUNTED_MAX = 1_000;

/** Finishes intents that a crash or an absent ledger left open. Answers how many ended. */
export async function sweepIntents(deps: Deps): Promise<number> {
  let ended = 0;
  for (const intent of await takeDueIntents(deps.db, INTENTS_PER_SWEEP_MAX)) {
    try {
      await finishIntent(deps, intent);
      ended += 1;
    } catch (error) {
      deps.logger.warn({ err: error, accountId: intent.accountId, action: intent.action }, 'intent is still open');
    }
  }
  const open = await measureOpenIntents(deps.db, COUNTED_MAX);
  deps.metrics.gauge('florin_open_intents', 'Changes of accounts that wait for the ledger').set(open.count);
  deps.metrics
    .gauge('florin_open_intent_age_seconds', 'Age of the oldest change that waits for the ledger')
    .set(open.oldestSeconds);
  return ended;
}
