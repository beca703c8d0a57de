import { invariant } from '@florin/primitives';
import type { RetryPolicy, SagaDefinition, StepDefinition } from './definition.ts';
import { pivotIndexOf } from './definition.ts';
import { evolve } from './evolve.ts';
import type { SagaCommand } from './outcome.ts';
import type { LoggedEvent, Saga, SagaEvent } from './saga.ts';

/** What a decision changes: the saga as it then is, what is added to its log, and what is to be sent. */
export interface Transition {
  readonly saga: Saga;
  readonly events: readonly LoggedEvent[];
  readonly command: SagaCommand | null;
  /** When it is to be looked at again, from now; null when nothing happens by itself any more. */
  readonly nextRunInMs: number | null;
}

/** Where and when something is decided. `random` is from 0 up to 1, for the jitter of pauses. */
export interface Setting {
  readonly definition: SagaDefinition;
  readonly nowMs: number;
  readonly random: number;
}

/** A transition in the making. */
export class Draft {
  readonly setting: Setting;
  readonly events: LoggedEvent[] = [];
  #saga: Saga | undefined;
  #command: SagaCommand | null = null;
  #nextRunInMs: number | null = null;

  constructor(setting: Setting, saga: Saga | undefined) {
    this.setting = setting;
    this.#saga = saga;
  }

  get saga(): Saga {
    invariant(this.#saga !== undefined, 'the saga has begun');
    return this.#saga;
  }

  add(event: SagaEvent): void {
    const logged: LoggedEvent = { ...event, seq: (this.#saga?.seq ?? 0) + 1, atMs: this.setting.nowMs };
    this.#saga = evolve(this.#saga, logged);
    this.events.push(logged);
  }

  /** Sends the command of the step it is at, once more or for the first time. */
  send(): void {
    const { definition } = this.setting;
    const { stepIndex, direction, attempt, id, type, input, outputs } = this.saga;
    const step = stepAt(definition, stepIndex);
    const op = direction === 'forward' ? 'do' : 'undo';
    const operation = op === 'do' ? step.do : step.undo;
    invariant(operation !== null, `step ${step.name} has no ${op}`);
    this.add({ kind: 'sent', step: stepIndex, branch: step.name, op, attempt: attempt + 1 });
    this.#command = {
      sagaId: id,
      sagaType: type,
      branch: step.name,
      op,
      attempt: attempt + 1,
      participant: step.participant,
      operation,
      payload: { input, outputs },
    };
    this.#nextRunInMs = step.retry.answerMs;
  }

  /** Sets a pause before the command is sent again. A saga that may still turn back wakes in time for its deadline. */
  pause(pauseMs: number): void {
    const { name } = stepAt(this.setting.definition, this.saga.stepIndex);
    const op = this.saga.direction === 'forward' ? 'do' : 'undo';
    const leftMs = this.saga.deadlineAtMs - this.setting.nowMs;
    const boundedMs = canTurnBack(this.setting.definition, this.saga)
      ? Math.max(1, Math.min(pauseMs, leftMs))
      : pauseMs;
    this.add({ kind: 'paused', branch: name, op, pauseMs: boundedMs });
    this.#nextRunInMs = boundedMs;
  }

  finish(): Transition {
    return { saga: this.saga, events: this.events, command: this.#command, nextRunInMs: this.#nextRunInMs };
  }
}

export function stepAt(definition: SagaDefinition, index: number): StepDefinition {
  const step = definition.steps[index];
  invariant(step !== undefined, `${definition.type} has no step ${index}`);
  return step;
}

/** Before the pivot was sent there is a way back. Once it is out it may have happened, whatever became of the answer. */
export function canTurnBack(definition: SagaDefinition, saga: Saga): boolean {
  if (saga.direction !== 'forward') return false;
  const pivotIndex = pivotIndexOf(definition);
  return saga.stepIndex < pivotIndex || (saga.stepIndex === pivotIndex && saga.attempt === 0);
}

/** The pause after so many unanswered attempts: exponential, capped, and from half of that to all of it by chance. */
export function pauseAfter(retry: RetryPolicy, failures: number, random: number): number {
  const exponent = Math.min(Math.max(failures - 1, 0), EXPONENT_MAX);
  const fullMs = Math.min(retry.firstPauseMs * retry.factor ** exponent, retry.pauseMsMax);
  return Math.max(1, Math.round(fullMs * (0.5 + random / 2)));
}

/** Beyond this the cap has long been reached, and a power of it is still a number. */
const EXPONENT_MAX = 60;
