import { type Static, Type } from 'typebox';
import { PostingShape } from './posting.ts';
import { route } from './route.ts';
import { BalanceShape, STRICT, Uuid } from './shapes.ts';

/** The data of an `account` event: an account as it is now, and the lines that are new since the event before. */
export const AccountEventShape = Type.Object(
  {
    accountId: Uuid,
    status: Type.String(),
    balance: BalanceShape,
    transactions: Type.Array(PostingShape, { description: 'Newest first.' }),
    more: Type.Boolean({ description: 'There are more new lines than these: read the history again.' }),
  },
  STRICT,
);
export type AccountEvent = Static<typeof AccountEventShape>;

export const streamAccountEvents = route({
  operationId: 'streamAccountEvents',
  service: 'accounts',
  method: 'GET',
  path: '/v1/stream',
  summary:
    'Changes of your own accounts as they happen, as server-sent events. `ready` opens the stream; each `account` ' +
    'event carries the account and its new lines. The id of the last event, sent back as Last-Event-ID, resumes ' +
    'without a gap. The stream ends by itself after some minutes: connect again.',
  access: { kind: 'signed-in', permissions: ['accounts:read:own'] },
  responses: { 200: Type.String({ description: 'Server-sent events (WHATWG HTML, section 9.2).' }) },
  media: ['text/event-stream'],
  problems: ['too-many-streams'],
});

/** What happens while you look. */
export const streamRoutes = [streamAccountEvents] as const;
