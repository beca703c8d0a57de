import { type AccountChanged, accountChanged } from '@florin/contracts';
import { PoisonEvent, type ReceivedEvent } from '@florin/messaging';
import type { Metrics } from '@florin/observability';
import type { AccountChange } from '../domain/account-change.ts';
import type { AccountStreams } from '../use-cases/account-streams.ts';
import { applyAccountChanges } from '../use-cases/apply-account-changes.ts';
import type { BalanceCache } from '../use-cases/balance-cache.ts';
import type { EventReader } from '../use-cases/ports.ts';
import type { WarmLines } from '../use-cases/warm-lines.ts';

/** The group that feeds balances and history. */
const READ_MODEL_GROUP = 'accounts.read-model';

/** Who hears at once of what was committed to the read model in this process. */
export interface ReadModelListeners {
  readonly balances: Pick<BalanceCache, 'raise'>;
  readonly warmLines: Pick<WarmLines, 'follow'>;
  readonly streams: Pick<AccountStreams, 'wake'>;
}

/** What a consumer of `transactions.account-changed.v1` does with its events. */
export function createReadModel(metrics: Metrics, { balances, warmLines, streams }: ReadModelListeners): EventReader {
  return {
    group: READ_MODEL_GROUP,
    topics: [accountChanged.topic],
    handle: (events, tx) => applyAccountChanges(metrics, tx, events.map(changeOf)),
    committed(events) {
      const changes = events.map(changeOf);
      balances.raise(changes);
      // Before listeners are woken, who may read again at once.
      warmLines.follow(changes);
      streams.wake(changes.map((change) => change.accountId));
    },
  };
}

/** The producer is trusted for the shape; what would corrupt the order of versions is checked all the same. */
function changeOf(event: ReceivedEvent): AccountChange {
  const change = event.data as AccountChanged;
  if (!Number.isSafeInteger(change.version) || change.version < 1) throw new PoisonEvent('the version is no number');
  return change;
}
