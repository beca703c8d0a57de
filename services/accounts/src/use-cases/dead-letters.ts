import {
  type DeadLetter,
  listDeadLetters,
  type ReceivedEvent,
  type RetryOutcome,
  retryDeadLetters,
} from '@florin/messaging';
import type { Tx } from '@florin/postgres';
import type { Actor } from '../domain/actor.ts';
import type { Deps } from './ports.ts';

export interface DeadLetterDeps extends Pick<Deps, 'db' | 'publish'> {
  readonly readModel: {
    readonly group: string;
    handle(events: readonly ReceivedEvent[], tx: Tx): Promise<void>;
    committed(events: readonly ReceivedEvent[]): void;
  };
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

/** Handles dead letters of the read model again, and leaves a record of who asked for it. */
export async function retryLetters(deps: DeadLetterDeps, actor: Actor): Promise<RetryOutcome> {
  const { group, handle, committed } = deps.readModel;
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
