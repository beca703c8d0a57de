import {
  type AccountStatusChanged,
  accountStatusChanged,
  personErased,
  type StandingOrderExecuted,
  secondFactorChanged,
  securityChanged,
  standingOrderExecuted,
  type TransferCompleted,
  transferCompleted,
} from '@florin/contracts';
import { PoisonEvent, type ReceivedEvent } from '@florin/messaging';
import type { Tx } from '@florin/postgres';
import { isUuid } from '@florin/primitives';
import type { News } from '../domain/news.ts';
import type { Cause } from '../domain/notice.ts';
import { hearNews } from '../use-cases/hear-news.ts';
import type { Deps } from '../use-cases/ports.ts';

/** The group that makes notices. */
const NEWS_GROUP = 'notifications.news';

/** What makes notices of what other services say. */
export function createNews(deps: Pick<Deps, 'keys' | 'clock' | 'newId' | 'publish'>) {
  return {
    group: NEWS_GROUP,
    topics: [
      accountStatusChanged.topic,
      transferCompleted.topic,
      standingOrderExecuted.topic,
      secondFactorChanged.topic,
      securityChanged.topic,
      personErased.topic,
    ],
    handle: (events: readonly ReceivedEvent[], tx: Tx) => hearNews(deps, tx, NEWS_GROUP, events, readNews),
  };
}

/** The news in an event; undefined when nobody need be told. A topic nobody subscribed to is put aside, never dropped. */
export function readNews(event: ReceivedEvent): News | undefined {
  const cause = { eventId: event.id, correlationId: event.correlationid };
  switch (event.type) {
    case accountStatusChanged.topic:
      return accountNews(event.data as AccountStatusChanged, cause);
    case transferCompleted.topic:
      return transferNews(event.data as TransferCompleted, cause);
    case standingOrderExecuted.topic:
      return orderNews(event.data as StandingOrderExecuted, cause);
    case secondFactorChanged.topic:
    case securityChanged.topic:
      return securityNews(event.data as SecurityData, cause);
    case personErased.topic:
      return erasureNews(event.data as Pick<SecurityData, 'userId'>);
    default:
      throw new PoisonEvent('nothing is known of events of this type');
  }
}

function accountNews(data: AccountStatusChanged, cause: Cause): News {
  const { accountId, status, owners, restated = false } = data;
  if (!isUuid(accountId) || !Array.isArray(owners)) throw new PoisonEvent('the account or its owners are missing');
  return { kind: 'account-status', cause, accountId, status, owners, isRestated: restated };
}

function transferNews(data: TransferCompleted, cause: Cause): News {
  const { transferId, fromAccountId, toAccountId, currency, reference } = data;
  const amountMinor = BigInt(data.amountMinor);
  return { kind: 'transfer', cause, transferId, fromAccountId, toAccountId, amountMinor, currency, reference };
}

interface SecurityData {
  readonly userId: string;
  readonly change: string;
  readonly device?: string;
}

function securityNews({ userId, change, device }: SecurityData, cause: Cause): News {
  if (!isUuid(userId)) throw new PoisonEvent('whose it is is missing');
  return { kind: 'security', cause, owner: userId, change, device };
}

function erasureNews({ userId }: Pick<SecurityData, 'userId'>): News {
  if (!isUuid(userId)) throw new PoisonEvent('who was erased is missing');
  return { kind: 'erasure', owner: userId };
}

/** Only a failure for good: what will be tried again is not final, and what was paid shows in the account. */
function orderNews(data: StandingOrderExecuted, cause: Cause): News | undefined {
  if (data.outcome !== 'failed') return undefined;
  const { orderId, owner, fromAccountId, payeeName, currency, dueDate, problemCode } = data;
  const amountMinor = BigInt(data.amountMinor);
  return {
    kind: 'order-failed',
    cause,
    orderId,
    owner,
    fromAccountId,
    payeeName,
    amountMinor,
    currency,
    dueDate,
    problemCode,
  };
}
