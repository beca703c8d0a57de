import type { Logger, Metrics } from '@florin/observability';
import type { Database, Tx } from '@florin/postgres';
import { bucketOfCustomer, type NewId } from '@florin/primitives';
import { missingSteps, WELCOME } from '../domain/choreography.ts';
import {
  appendEvent,
  completeChoreography,
  insertChoreography,
  lockBySubject,
  measureChoreographies,
  takeOverdue,
} from '../repositories/choreographies.ts';

/** An event of the chain: which step it is, if it is one, and what it follows from. */
export interface HeardEvent {
  readonly subject: string;
  readonly step: string | undefined;
  readonly topic: string;
  readonly eventId: string;
  readonly causationId: string | undefined;
}

/** Begins to follow a sign-up, in the transaction that makes it. */
export async function beginWelcome(
  tx: Tx,
  begun: { readonly newId: NewId; readonly subject: string; readonly deadlineMs: number },
): Promise<void> {
  const { newId, subject, deadlineMs } = begun;
  const id = newId(bucketOfCustomer(subject));
  await insertChoreography(tx, { id, definition: WELCOME, subject, deadlineMs });
  await appendEvent(tx, id, { kind: 'begun' });
}

/**
 * Writes down what was heard, each event once and in any order, and completes what has been heard of as a whole, also
 * when its deadline is over. Events of sign-ups that nobody follows are passed over.
 */
export async function noteHeard(tx: Tx, events: readonly HeardEvent[]): Promise<void> {
  const subjects = [...new Set(events.map(({ subject }) => subject))];
  const followed = await lockBySubject(tx, WELCOME.type, subjects);
  for (const [subject, choreography] of followed) {
    const heard = new Set(choreography.heard);
    for (const event of events.filter((one) => one.subject === subject)) {
      await appendEvent(tx, choreography.id, { kind: 'heard', ...event });
      if (event.step !== undefined) heard.add(event.step);
    }
    const isWhole = missingSteps({ ...choreography, heard: [...heard] }).length === 0;
    if (!isWhole || choreography.status === 'completed') continue;
    await appendEvent(tx, choreography.id, { kind: 'completed' });
    await completeChoreography(tx, choreography.id);
  }
}

/** Whoever is no customer any more waits for no account. */
export async function endNotNeeded(tx: Tx, subject: string): Promise<void> {
  for (const { id, status } of (await lockBySubject(tx, WELCOME.type, [subject])).values()) {
    if (status === 'completed') continue;
    await appendEvent(tx, id, { kind: 'not-needed' });
    await completeChoreography(tx, id);
  }
}

/** One round marks at most so many; the next marks the next. */
const OVERDUE_MAX = 100;
const COUNTED_MAX = 1_000;

/** Marks what has passed its deadline, says so to whoever reads the log, and measures how things stand. */
export function deadlineWatch(deps: {
  readonly database: Database;
  readonly logger: Logger;
  readonly metrics: Metrics;
}) {
  const { database, logger, metrics } = deps;
  const stuck = metrics.gauge('florin_choreographies_stuck', `Sign-ups past their deadline, up to ${COUNTED_MAX}`);
  const oldest = metrics.gauge('florin_choreography_age_seconds', 'How long the oldest that is under way has been');
  return async (): Promise<void> => {
    const overdue = await database.transaction(async (tx) => {
      const marked = await takeOverdue(tx, OVERDUE_MAX);
      for (const { id } of marked) await appendEvent(tx, id, { kind: 'stuck' });
      return marked;
    });
    for (const one of overdue) {
      const { id, type, subject } = one;
      logger.error({ sagaId: id, type, subject, missing: missingSteps(one) }, 'a choreography is past its deadline');
    }
    const measured = await measureChoreographies(database, COUNTED_MAX);
    stuck.set(measured.stuck);
    oldest.set(measured.oldestSeconds);
  };
}
