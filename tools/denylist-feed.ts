import { listRevocations, sessionsRevoked } from '@florin/contracts';
import type { ServiceCall } from '@florin/http';
import type { Broker } from '@florin/messaging';
import { invariant, systemClock } from '@florin/primitives';
import { createDenylist, type Denylist, type InternalTokens } from '@florin/security';
import type { Static } from 'typebox';

type Revocation = Static<typeof sessionsRevoked.data>;

/**
 * Sessions that were ended are refused at the door before their access tokens expire. Events tell of those that end
 * from now on, the users service of those that ended before this process started.
 */
export async function feedDenylist(broker: Broker, calls: ServiceCall, tokens: InternalTokens): Promise<Denylist> {
  const denylist = createDenylist({ clock: systemClock });
  const revoke = ({ userId, notBefore, sessionId }: Revocation): void => {
    if (sessionId === undefined) denylist.revokeUser(userId, notBefore);
    else denylist.revokeSession(sessionId);
  };
  broker.subscribe({
    group: 'gateway',
    topics: [sessionsRevoked.topic],
    async handle(events) {
      for (const { data } of events) revoke(data as Revocation);
    },
  });
  for await (const revocation of recentRevocations(calls, tokens)) revoke(revocation);
  return denylist;
}

/** A million revocations in ten minutes: more than that is no bank but a broken one, and it does not open. */
const REVOCATION_PAGES_MAX = 1_000;

async function* recentRevocations(calls: ServiceCall, tokens: InternalTokens): AsyncGenerator<Revocation> {
  const token = await tokens.mint({ subject: 'service:gateway', kind: 'service', roles: [] }, 'users');
  const { method, path } = listRevocations;
  let cursor: string | null = '0';
  for (let page = 0; cursor !== null; page += 1) {
    invariant(page < REVOCATION_PAGES_MAX, 'there is no end to the revocations');
    const answer = await calls.call({ service: 'users', method, path: `${path}?cursor=${cursor}`, token });
    invariant(answer.status === 200, `the revocations could not be read: ${answer.status}`);
    const { data, nextCursor } = answer.body as Static<(typeof listRevocations.responses)[200]>;
    yield* data;
    cursor = nextCursor;
  }
}
