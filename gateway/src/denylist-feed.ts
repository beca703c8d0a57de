import { listRevocations, sessionsRevoked } from '@florin/contracts';
import type { ServiceCall } from '@florin/http';
import type { Broker } from '@florin/messaging';
import { Fault, invariant, systemClock } from '@florin/primitives';
import { createDenylist, type Denylist, type InternalTokens } from '@florin/security';
import type { Static } from 'typebox';

type Revocation = Static<typeof sessionsRevoked.data>;

/** A denylist that is told what was revoked. */
export interface FedDenylist {
  readonly denylist: Denylist;
  /**
   * Learns what was revoked before this process started, from the users service. Until it has, nobody may be let in. Rejects
   * with the retryable Fault `revocations-unavailable` when that service is away.
   */
  catchUp(): Promise<void>;
}

/**
 * Sessions that were ended are refused at the door before their access tokens expire. Events tell of those that end
 * from now on, in every process that has a door.
 */
export function feedDenylist(broker: Broker, calls: ServiceCall, tokens: InternalTokens): FedDenylist {
  const denylist = createDenylist({ clock: systemClock });
  const revoke = ({ userId, notBefore, sessionId }: Revocation): void => {
    if (sessionId === undefined) denylist.revokeUser(userId, notBefore);
    else denylist.revokeSession(sessionId);
  };
  broker.subscribe({
    group: 'gateway',
    topics: [sessionsRevoked.topic],
    everyProcess: true,
    async handle(events) {
      for (const { data } of events) revoke(data as Revocation);
    },
  });
  return {
    denylist,
    async catchUp() {
      for await (const revocation of recentRevocations(calls, tokens)) revoke(revocation);
    },
  };
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
    if (answer.status !== 200) {
      throw new Fault('revocations-unavailable', `the users service answered ${answer.status}`, { retryable: true });
    }
    const { data, nextCursor } = answer.body as Static<(typeof listRevocations.responses)[200]>;
    yield* data;
    cursor = nextCursor;
  }
}
