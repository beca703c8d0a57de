import { type deadLetterRoutes, type EventReadingService, PAGE_SIZE_DEFAULT, problemKind } from '@florin/contracts';
import { type Endpoint, endpoint, problemReply } from '@florin/http';
import type { Database } from '@florin/postgres';
import type { Clock } from '@florin/primitives';
import { type AuditActor, auditEvent } from './audit-event.ts';
import type { ConsumerOptions } from './consumer.ts';
import { listDeadLetters, type RetryOutcome, retryDeadLetters } from './dead-letters.ts';
import { appendToOutbox } from './outbox.ts';

export interface DeadLetterDesk {
  /** Where the groups of the service put aside what they can not take; it has the outbox too. */
  readonly database: Database;
  /** The CloudEvents source of the service. */
  readonly source: string;
  /** Every group of the service, with the handlers of its consumers. */
  readonly readers: readonly Pick<ConsumerOptions, 'group' | 'handle' | 'committed'>[];
  readonly clock: Clock;
}

/** As many as one request handles within its time. */
const RETRIED_AT_ONCE_MAX = 500;

/** What operators see of the events that a service could not take, and the way to have them handled again. */
export function deadLetterEndpoints(
  routes: ReturnType<typeof deadLetterRoutes<EventReadingService>>,
  desk: DeadLetterDesk,
): Endpoint[] {
  return [
    endpoint(routes.listDeadLetters, async ({ query, traceId }) => {
      const { limit = PAGE_SIZE_DEFAULT, cursor = '0' } = query;
      if (!/^\d{1,18}$/.test(cursor)) {
        const detail = 'The cursor is not one that this list gave.';
        return problemReply({ ...problemKind('invalid-cursor'), code: 'invalid-cursor', detail, traceId });
      }
      const letters = await listDeadLetters(desk.database, { afterId: BigInt(cursor), limit: limit + 1 });
      const shown = letters.slice(0, limit);
      const data = shown.map((letter) => ({
        ...letter,
        id: letter.id.toString(),
        failedAt: letter.failedAt.toISOString(),
      }));
      return { status: 200, body: { data, nextCursor: letters.length > limit ? (data.at(-1)?.id ?? null) : null } };
    }),
    endpoint(routes.retryDeadLetters, async ({ caller }) => ({
      status: 200,
      body: await retryAll(desk, caller),
    })),
  ];
}

/** Every group in turn. Who asked is on record before anything is handled, whatever becomes of it. */
async function retryAll(
  { database, source, readers, clock }: DeadLetterDesk,
  actor: AuditActor,
): Promise<RetryOutcome> {
  const [resource, at] = [`dead-letters:${source}`, new Date(clock()).toISOString()];
  const asked = { id: `${resource}:${actor.traceId}:${at}`, action: 'dead-letters.retry', resource, at };
  await appendToOutbox(database, source, [auditEvent(actor, asked)]);
  const total = { handled: 0, stillParked: 0, freed: 0 };
  for (const { group, handle, committed } of readers) {
    const outcome = await retryDeadLetters({
      database,
      group,
      handle,
      ...(committed === undefined ? {} : { committed }),
      limit: RETRIED_AT_ONCE_MAX,
    });
    total.handled += outcome.handled;
    total.stillParked += outcome.stillParked;
    total.freed += outcome.freed;
  }
  return total;
}
