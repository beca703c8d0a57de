import { type OutgoingEvent, outboxText } from '@florin/messaging';
import type { Logger } from '@florin/observability';
import { isDataError, sqlState, type Tx } from '@florin/postgres';
import { Fault, fail, invariant, ok, type Result } from '@florin/primitives';
import type { DatabaseClock } from './database-clock.ts';
import { decide, type Ignored, type SagaInput, type StaffInput } from './decide.ts';
import type { DefinitionBook } from './definition-book.ts';
import type { Dispatcher, FaultPoint } from './dispatch.ts';
import { cut } from './outcome.ts';
import type { Saga } from './saga.ts';
import type { SagaMeasures } from './saga-measures.ts';
import { type HeldSaga, writeTransitions } from './store.ts';
import type { Setting, Transition } from './transition.ts';
import type { TransitionCommits } from './transition-commits.ts';

/** What became of an input. `lost`: the saga is not as it was held; whoever has it now goes on. */
export type Advance =
  | { readonly kind: 'written'; readonly saga: Saga }
  | { readonly kind: 'ignored'; readonly why: Ignored }
  | { readonly kind: 'poisoned'; readonly saga: Saga }
  | { readonly kind: 'lost' }
  /** Another version of this process began it; that one, or one after it, will end it. */
  | { readonly kind: 'unknown-definition' };

/** What people said is written, in a transaction that is not committed yet. */
export interface Acted {
  readonly saga: Saga;
  /** To be called when it is committed: what the saga sends now goes out. */
  committed(): void;
}

type Ignoring = Advance & { readonly kind: 'ignored' };

interface Decided {
  readonly kind: 'decided';
  readonly transition: Transition;
  readonly outbox: string;
}

type Decision = Ignoring | Decided;

export interface DriverOptions {
  readonly source: string;
  readonly holder: string;
  readonly book: DefinitionBook;
  readonly clock: DatabaseClock;
  readonly commits: TransitionCommits;
  readonly dispatcher: Dispatcher;
  readonly measures: SagaMeasures;
  readonly logger: Logger;
  random(): number;
  outgoing(transition: Transition): readonly OutgoingEvent[];
  committed?: ((transition: Transition) => void) | undefined;
  at?: ((point: FaultPoint) => void | Promise<void>) | undefined;
  /** A saga of this process will be due after so long. */
  dueIn(ms: number): void;
}

/** Drives sagas: decides, writes, sends, and with the answer again, until a saga ends or pauses. */
export class Driver {
  readonly #options: DriverOptions;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(options: DriverOptions) {
    this.#options = options;
  }

  /** Sagas that are being decided, written, or waiting for an answer. */
  get sagasInHand(): number {
    return this.#underWay.size;
  }

  /** Resolves when every saga in hand has ended or paused. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled([...this.#underWay]);
  }

  /** Does what an input asks for; what it sends goes on by itself. Rejects with the fault of a database that is away. */
  advance(held: HeldSaga, input: SagaInput): Promise<Advance> {
    return this.#track(this.#advance(held, input));
  }

  /** Does what people said in a transaction of the caller, which has locked the saga. */
  async advanceWithin(tx: Tx, held: HeldSaga, input: StaffInput): Promise<Result<Acted, Ignored>> {
    const { saga } = held;
    const setting = this.#settingOf(saga);
    if (setting === undefined) throw definitionMissing();
    const decision = this.#decide(setting, saga, input);
    if (decision.kind === 'ignored') return fail(decision.why);
    const { transition, outbox } = decision;
    await this.#options.at?.('before-state-commit');
    const change = { transition, revision: held.revision, outbox };
    const revision = (await writeTransitions(tx, [change], this.#options.holder)).revisions.get(saga.id);
    invariant(revision !== undefined, 'a saga that is locked is as it was read');
    const written = { saga: transition.saga, revision };
    return ok({ saga: transition.saga, committed: () => this.#written(written, transition) });
  }

  /** Works on in the background, as after a start or a claim; whatever goes wrong is logged, and the lease runs out. */
  drive(held: HeldSaga, input: SagaInput): void {
    this.#inBackground(held.saga, () => this.#advance(held, input));
  }

  /** Sends the command of a transition that was written, and goes on with the answer. */
  send(held: HeldSaga, { command, nextRunInMs }: Transition): void {
    if (command === null || nextRunInMs === null) return;
    const sentAtMs = performance.now();
    this.#inBackground(held.saga, async () => {
      const outcome = await this.#options.dispatcher.send({ command, answerMs: nextRunInMs, sentAtMs });
      if (outcome === null) return;
      const { sagaId, branch, op, attempt } = command;
      await this.#advance(held, { kind: 'reply', reply: { sagaId, branch, op, attempt, outcome } });
    });
  }

  #inBackground(saga: Saga, work: () => Promise<unknown>): void {
    void this.#track(
      work().catch((error: unknown) => {
        this.#options.logger.warn({ err: error, sagaId: saga.id }, 'a saga was left to the end of its lease');
      }),
    );
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const done = () => this.#underWay.delete(work);
    work.then(done, done);
    return work;
  }

  async #advance(held: HeldSaga, input: SagaInput): Promise<Advance> {
    const { saga } = held;
    const setting = this.#settingOf(saga);
    if (setting === undefined) return { kind: 'unknown-definition' };
    let decision: Decision;
    try {
      decision = this.#decide(setting, saga, input);
    } catch (error) {
      return this.#poison(setting, held, input, error);
    }
    if (decision.kind === 'ignored') return decision;
    try {
      return await this.#write(held, decision);
    } catch (error) {
      if (!isDataError(error)) throw error;
      return this.#poison(setting, held, input, error);
    }
  }

  #settingOf({ type, definitionVersion }: Saga): Setting | undefined {
    const { book, clock, random } = this.#options;
    const definition = book.find(type, definitionVersion);
    return definition && { definition, nowMs: clock.nowMs(), random: random() };
  }

  #decide(setting: Setting, saga: Saga, input: SagaInput): Decision {
    const decided = decide(setting, saga, input);
    if (!decided.ok) return this.#ignored(saga, input, decided.failure);
    return { kind: 'decided', transition: decided.value, outbox: this.#newsOf(decided.value) };
  }

  #newsOf(transition: Transition): string {
    const events = this.#options.outgoing(transition);
    return events.length === 0 ? '' : outboxText(this.#options.source, events);
  }

  #ignored(saga: Saga, input: SagaInput, why: Ignored): Ignoring {
    this.#options.logger.info({ sagaId: saga.id, input: input.kind, code: why.code }, why.detail);
    return { kind: 'ignored', why };
  }

  /**
   * Deciding threw, or the database does not take what was decided: this saga is set aside, and the others go on. What
   * people asked for is only refused: their words must not be able to stop a saga.
   */
  async #poison(setting: Setting, held: HeldSaga, input: SagaInput, error: unknown): Promise<Advance> {
    if (input.kind !== 'due' && input.kind !== 'reply') throw error;
    const { saga } = held;
    this.#options.logger.error({ err: error, sagaId: saga.id, sagaType: saga.type }, 'a saga can not be decided');
    const decided = decide(setting, saga, { kind: 'poison', message: messageOf(error) });
    if (!decided.ok) return this.#ignored(saga, input, decided.failure);
    let outbox = '';
    try {
      outbox = this.#newsOf(decided.value);
    } catch (unsayable) {
      this.#options.logger.error({ err: unsayable, sagaId: saga.id }, 'nobody hears that a saga was set aside');
    }
    const written = await this.#write(held, { kind: 'decided', transition: decided.value, outbox });
    return written.kind === 'written' ? { kind: 'poisoned', saga: written.saga } : written;
  }

  async #write(held: HeldSaga, { transition, outbox }: Decided): Promise<Advance> {
    const { at, commits, measures, logger } = this.#options;
    await at?.('before-state-commit');
    const revision = await commits.submit({ transition, revision: held.revision, outbox });
    if (revision === null) {
      measures.lost();
      logger.info({ sagaId: held.saga.id, revision: String(held.revision) }, 'somebody else has the saga');
      return { kind: 'lost' };
    }
    await at?.('after-state-commit');
    this.#written({ saga: transition.saga, revision }, transition);
    return { kind: 'written', saga: transition.saga };
  }

  #written(held: HeldSaga, transition: Transition): void {
    const { measures, logger, committed, dueIn } = this.#options;
    measures.written(transition);
    const { saga } = held;
    const wasAsked = transition.events.some((event) => event.kind === 'attention');
    if (wasAsked) {
      logger.error({ sagaId: saga.id, sagaType: saga.type, reason: saga.attention }, 'a saga needs attention');
    }
    committed?.(transition);
    if (transition.command !== null) this.send(held, transition);
    else if (transition.nextRunInMs !== null) dueIn(transition.nextRunInMs);
  }
}

/** Of a saga that only another version of the service can decide. */
export function definitionMissing(): Fault {
  return new Fault('saga-definition-missing', 'another version of this service has the definition of the saga');
}

/** What is shown to people: of the database the code, never its text, which may quote data. */
function messageOf(error: unknown): string {
  if (isDataError(error)) return `the database refused it (SQLSTATE ${sqlState(error)})`;
  return error instanceof Error ? cut(error.message) : 'deciding failed';
}
