import {
  type AccountStatusChanged,
  accountStatusChanged,
  type NoticeCreated,
  noticeCreated,
  userRegistered,
} from '@florin/contracts';
import { consumer, type ReceivedEvent, type Subscription } from '@florin/messaging';
import type { Tx } from '@florin/postgres';
import type { HeardEvent } from '../use-cases/follow-welcome.ts';
import { noteHeard } from '../use-cases/follow-welcome.ts';

/** The group that follows sign-ups to their welcome. */
const WELCOME_GROUP = 'users.welcome';

/** What writes down what became of sign-ups. */
export const welcomeReader = {
  group: WELCOME_GROUP,
  topics: [userRegistered.topic, accountStatusChanged.topic, noticeCreated.topic],
  handle: (events: readonly ReceivedEvent[], tx: Tx) => noteHeard(tx, events.map(heardIn)),
};

/** Hears what became of sign-ups. Most notices are of other things: what names no piece of work is passed over unread. */
export function followWelcome(
  options: Omit<Parameters<typeof consumer>[0], 'group' | 'topics' | 'handle'>,
): Subscription {
  const { handle, ...subscription } = consumer({ ...options, ...welcomeReader });
  return {
    ...subscription,
    async handle(events) {
      const correlated = events.filter(({ correlationid }) => correlationid !== undefined);
      if (correlated.length > 0) await handle(correlated);
    },
  };
}

function heardIn(event: ReceivedEvent): HeardEvent {
  return {
    subject: event.correlationid ?? '',
    step: stepOf(event),
    topic: event.type,
    eventId: event.id,
    causationId: event.causationid,
  };
}

function stepOf(event: ReceivedEvent): string | undefined {
  switch (event.type) {
    case userRegistered.topic:
      return 'signed-up';
    case accountStatusChanged.topic:
      return (event.data as AccountStatusChanged).status === 'active' ? 'account-open' : undefined;
    default:
      return (event.data as NoticeCreated).kind === 'welcome' ? 'welcomed' : undefined;
  }
}
