import { type DeadLetter, listDeadLetters, type RetryOutcome, retryDeadLetters } from '@florin/messaging';
import type { Actor } from '../domain/actor.ts';
import type { Deps, EventReader } from './ports.ts';

export interface DeadLetterDeps extends Pick<Deps, 'db' | 'publish'> {
  readonly readers: readonly EventReader[];
}

/** As many as one request handles within its time. */
const RETRIED_AT_ONCE_MAX = 500;

/** Dead letters of this service, oldest first. */
export function readDeadLetters(
  deps: Pick<Deps, 'db'>,
  page: { readonly afterId: bigint; readonly limit: number },
): Promise<DeadLetter[]> {
  return listDeadLetters(deps.db, page);
}

/** Handles dead letters of every group of this service again, and leaves a record of who asked for it. */
export async function retryLetters(deps: DeadLetterDeps, actor: Actor): Promise<RetryOutcome> {
  const total = { handled: 0, stillParked: 0, freed: 0 };
  for (const reader of deps.readers) {
    const outcome = await retryGroup(deps, reader, actor);
    total.handled += outcome.handled;
    total.stillParked += outcome.stillParked;
    total.freed += outcome.freed;
  }
  return total;
}

async function retryGroup(deps: DeadLetterDeps, reader: EventReader, actor: Actor): Promise<RetryOutcome> {
  const { group, handle, committed } = reader;
  const outcome = await retryDeadLetters({
    database: deps.db,
    group,
    handle,
    committed,
    limit: RETRIED_AT_ONCE_MAX,
  });
  await deps.db.transaction((tx) =>
    deps.publish(tx, [
      {
        kind: 'dead-letters-retried',
        group,
        actor: actor.subject,
        roles: actor.roles,
        handled: outcome.handled,
        traceId: actor.traceId,
      },
    ]),
  );
  return outcome;
}
