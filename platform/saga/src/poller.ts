import { type Bell, createBell, createFailureLog } from '@florin/messaging';
import type { Logger } from '@florin/observability';
import type { Session } from '@florin/postgres';
import type { DatabaseClock } from './database-clock.ts';
import { countOpenSagas, type DefinitionBook, unknownAmong } from './definition-book.ts';
import type { Dispatcher } from './dispatch.ts';
import type { Driver } from './driver.ts';
import type { RunnerLimits } from './runner-limits.ts';
import type { Saga } from './saga.ts';
import type { SagaMeasures } from './saga-measures.ts';
import { claimDue, type HeldSaga, putBack } from './store.ts';

export interface PollerOptions {
  readonly session: Session;
  readonly holder: string;
  readonly book: DefinitionBook;
  readonly clock: DatabaseClock;
  readonly driver: Driver;
  readonly dispatcher: Dispatcher;
  readonly limits: RunnerLimits;
  readonly measures: SagaMeasures;
  readonly logger: Logger;
  random(): number;
}

/** How often open sagas are counted. */
const COUNT_EVERY_MS = 10_000;
const BACKOFF_MAX_MS = 1_000;
const BACKOFF_FIRST_MS = 50;
const DOUBLINGS_MAX = 5;

/** Takes up sagas that are due, of this process and of those that died, as many as there is room for. */
export class Poller {
  readonly #options: PollerOptions;
  readonly #bell: Bell = createBell();
  readonly #failed: (error: unknown) => void;
  #wakeAtMs = Number.POSITIVE_INFINITY;
  #countedAtMs = Number.NEGATIVE_INFINITY;
  #isClosing = false;
  #finished: Promise<void> = Promise.resolve();

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#failed = createFailureLog(options.logger, 'looking for due sagas failed', { holder: options.holder });
  }

  start(): void {
    this.#finished = this.#run();
  }

  /** A hint: look again after so long, when that is sooner than the next look. */
  dueIn(ms: number): void {
    const atMs = performance.now() + ms;
    if (atMs >= this.#wakeAtMs) return;
    this.#wakeAtMs = atMs;
    this.#bell.ring();
  }

  /** Takes up nothing more. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#bell.ring();
    await this.#finished;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#isClosing) {
      try {
        const isFull = await this.#round();
        failures = 0;
        if (!isFull) await this.#rest();
      } catch (error) {
        failures += 1;
        this.#failed(error);
        await pause(Math.min(BACKOFF_FIRST_MS * 2 ** Math.min(failures - 1, DOUBLINGS_MAX), BACKOFF_MAX_MS));
      }
    }
  }

  /** Until the next look is due, which a hint may make sooner; at least a moment, whatever was hinted. */
  async #rest(): Promise<void> {
    const untilMs = performance.now() + this.#options.limits.pollMs * (0.75 + this.#options.random() / 2);
    for (;;) {
      const leftMs = Math.min(untilMs, this.#wakeAtMs) - performance.now();
      if (leftMs <= 0 || this.#isClosing) break;
      await this.#bell.sleep(leftMs);
    }
    this.#wakeAtMs = Number.POSITIVE_INFINITY;
  }

  /** Answers whether more are due than were taken. */
  async #round(): Promise<boolean> {
    const { session, holder, book, clock, driver, limits } = this.#options;
    await this.#count();
    const limit = this.#room();
    if (limit <= 0) return false;
    const { held, clockMs } = await claimDue(session, {
      definitions: book.names,
      holder,
      leaseMs: limits.leaseMs,
      limit,
    });
    clock.observe(clockMs);
    const crowded = held.filter(({ saga }) => this.#isCrowded(saga));
    const taken = crowded.length === 0 ? held : held.filter((one) => !crowded.includes(one));
    for (const one of taken) driver.drive(one, { kind: 'due' });
    await this.#putBack(crowded);
    return held.length === limit && crowded.length === 0;
  }

  #room(): number {
    const { driver, dispatcher, limits } = this.#options;
    const { sagasInHand } = driver;
    const working = sagasInHand - dispatcher.waiting;
    return Math.min(limits.claimMax, limits.sagasMax - working, limits.sagasInHandMax - sagasInHand);
  }

  /** So many wait for its participant that it had better wait where it is: no attempt of it counts. */
  #isCrowded(saga: Saga): boolean {
    const step = this.#options.book.find(saga.type, saga.definitionVersion)?.steps[saga.stepIndex];
    return step !== undefined && saga.phase === 'waiting' && this.#options.dispatcher.isFull(step.participant);
  }

  async #putBack(held: readonly HeldSaga[]): Promise<void> {
    const { session, limits, random } = this.#options;
    await putBack(
      session,
      held.map(({ saga, revision }) => ({ id: saga.id, revision, inMs: limits.pollMs * (1 + random()) })),
    );
  }

  async #count(): Promise<void> {
    if (performance.now() - this.#countedAtMs < COUNT_EVERY_MS) return;
    this.#countedAtMs = performance.now();
    const { session, book, measures, logger } = this.#options;
    const { open } = await countOpenSagas(session);
    measures.counted(open, book);
    const unknown = unknownAmong(book, open);
    if (unknown.length > 0) logger.error({ unknown }, 'sagas are open that only another version of this can end');
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
