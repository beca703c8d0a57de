import { invariant } from '@florin/primitives';
import { decide, type Ignored, type SagaInput, type StaffInput, startSaga } from './decide.ts';
import type { RetryPolicy, SagaDefinition, StepDefinition, StepKind } from './definition.ts';
import type { Outcome, SagaReply } from './outcome.ts';
import type { LoggedEvent, Saga } from './saga.ts';
import type { Transition } from './transition.ts';

export const SAGA_ID = '0198a000-0000-7012-8000-000000000001';
export const START_MS = 1_000_000;
export const DEADLINE_MS = 60_000;

export const RETRY: RetryPolicy = { attemptsMax: 3, answerMs: 1_000, firstPauseMs: 100, factor: 2, pauseMsMax: 1_000 };

/** A step that can be run; a compensatable one has an undo unless it is said to have none. */
export function step(name: string, kind: StepKind, more: Partial<StepDefinition> = {}): StepDefinition {
  const undo = kind === 'compensatable' ? `undo-${name}` : null;
  return { name, kind, participant: 'ledger', do: `do-${name}`, undo, retry: RETRY, ...more };
}

export function definitionOf(steps: readonly StepDefinition[], more: Partial<SagaDefinition> = {}): SagaDefinition {
  return { type: 'transfer', version: 1, deadlineMs: DEADLINE_MS, compensation: 'in-order', steps, ...more };
}

/** The bank's transfer from one shard to another. */
export const TRANSFER = definitionOf([
  step('hold', 'compensatable'),
  step('screen', 'compensatable', { undo: null }),
  step('post', 'pivot'),
  step('credit', 'retriable'),
  step('notify', 'retriable'),
]);

/** Three steps that can all be undone, and no pivot. */
export const TRIP = definitionOf(['flight', 'hotel', 'car'].map((name) => step(name, 'compensatable')));

export const APPLIED: Outcome = { kind: 'applied', output: {} };
export const REJECTED: Outcome = { kind: 'rejected', code: 'insufficient-funds', detail: 'There is not enough.' };
export const UNKNOWN: Outcome = { kind: 'unknown', detail: 'a page of HTML' };
export const STUCK: Outcome = { kind: 'cannot_compensate', detail: 'It is spent.' };

export const APPROVAL = { by: 'tessa', approvedBy: 'sam', reason: 'seen to', evidence: 'journal 7' } as const;

/** Plays one saga: every input is decided at the play's clock, and the log is kept. Inputs must count unless `ignored`. */
export class Play {
  readonly definition: SagaDefinition;
  readonly log: LoggedEvent[] = [];
  nowMs = START_MS;
  random = 0.5;
  last: Transition;

  constructor(definition: SagaDefinition) {
    this.definition = definition;
    this.last = startSaga(this.#setting(), { id: SAGA_ID, input: { amount: '10.00' } });
    this.log.push(...this.last.events);
  }

  get saga(): Saga {
    return this.last.saga;
  }

  /** The command that is out, as `op branch #attempt`; null when none is. */
  get sent(): string | null {
    const { command } = this.last;
    return command === null ? null : `${command.op} ${command.branch} #${command.attempt}`;
  }

  try(input: SagaInput): Ignored | null {
    const decided = decide(this.#setting(), this.saga, input);
    if (!decided.ok) return decided.failure;
    this.last = decided.value;
    this.log.push(...decided.value.events);
    return null;
  }

  give(input: SagaInput): this {
    const ignored = this.try(input);
    invariant(ignored === null, `ignored: ${ignored?.code} ${ignored?.detail}`);
    return this;
  }

  /** What people decide about what it asks them now. */
  staff(kind: StaffInput['kind']): StaffInput {
    return { kind, attentionSeq: this.saga.attentionSeq ?? 0, ...APPROVAL };
  }

  act(kind: StaffInput['kind']): this {
    return this.give(this.staff(kind));
  }

  /** Answers the command that is out. */
  answer(...outcomes: readonly Outcome[]): this {
    for (const outcome of outcomes) {
      if (this.saga.phase === 'waiting') this.due();
      this.give({ kind: 'reply', reply: this.reply(outcome) });
    }
    return this;
  }

  /** An answer to the newest attempt of the step it is at. */
  reply(outcome: Outcome, more: Partial<SagaReply> = {}): SagaReply {
    const branch = this.definition.steps[this.saga.stepIndex]?.name ?? 'none';
    const op = this.saga.direction === 'forward' ? 'do' : 'undo';
    return { sagaId: SAGA_ID, branch, op, attempt: this.saga.attempt, outcome, ...more };
  }

  /** Time passes until it is to be looked at, and it is. */
  due(): this {
    invariant(this.last.nextRunInMs !== null, 'it wakes by itself');
    this.nowMs += this.last.nextRunInMs;
    return this.give({ kind: 'due' });
  }

  /** What was sent, in order, each command once however often it was sent. */
  commands(): string[] {
    const sent = this.log.flatMap((event) => (event.kind === 'sent' ? [`${event.op} ${event.branch}`] : []));
    return sent.filter((command, index) => command !== sent[index - 1]);
  }

  #setting() {
    return { definition: this.definition, nowMs: this.nowMs, random: this.random };
  }
}
