import { userRegistered } from '@florin/contracts';
import { PoisonEvent, type ReceivedEvent } from '@florin/messaging';
import type { Logger } from '@florin/observability';
import type { Tx } from '@florin/postgres';
import { isUuid } from '@florin/primitives';
import type { Asked } from '../domain/first-account.ts';
import type { FirstAccounts } from '../use-cases/first-accounts.ts';
import type { EventReader } from '../use-cases/ports.ts';

/** The group that gives newcomers their first account. */
const NEWCOMERS_GROUP = 'accounts.newcomers';

/** What a consumer of `users.user-registered.v1` does with its events. The work itself comes after their commit. */
export function createNewcomers(firstAccounts: FirstAccounts, logger: Logger): EventReader {
  return {
    group: NEWCOMERS_GROUP,
    topics: [userRegistered.topic],
    handle: (events: readonly ReceivedEvent[], tx: Tx) => firstAccounts.ask(tx, newestOfEach(events.map(askedBy))),
    committed: () =>
      void firstAccounts
        .openDue()
        .catch((error: unknown) => logger.warn({ err: error }, 'first accounts are not open yet and will come again')),
  };
}

function askedBy(event: ReceivedEvent): Asked {
  const { userId } = event.data as { readonly userId: unknown };
  if (typeof userId !== 'string' || !isUuid(userId)) throw new PoisonEvent('the event names nobody');
  return { customerId: userId, follows: { eventId: event.id, correlationId: event.correlationid ?? userId } };
}

/** A chunk may hold several events of one person; the statement takes one. */
function newestOfEach(asked: readonly Asked[]): readonly Asked[] {
  return [...new Map(asked.map((one) => [one.customerId, one])).values()];
}
