import type { JsonObject, Op, Outcome } from './outcome.ts';

/**
 * `running` goes forward, `compensating` goes back. `needs_attention`: people are asked; while `phase` is not `stopped` it
 * goes on trying meanwhile. `completed` and `compensated` are final.
 */
export type SagaStatus = 'running' | 'compensating' | 'needs_attention' | 'completed' | 'compensated';

/** `sent`: a command is out. `waiting`: it will be sent (again) after a pause. `stopped`: nothing happens by itself. */
export type Phase = 'sent' | 'waiting' | 'stopped';

/** A saga as its event log says it is: the log, folded by `evolve`. Times are milliseconds of the database's clock. */
export interface Saga {
  readonly id: string;
  readonly type: string;
  readonly definitionVersion: number;
  readonly status: SagaStatus;
  readonly direction: 'forward' | 'backward';
  readonly phase: Phase;
  /** The step it is at; -1 when it went back past the first one. */
  readonly stepIndex: number;
  /** How often the command of this step and direction was sent; an answer that names a higher number is forged. */
  readonly attempt: number;
  /** How many of those came back unanswered, since people last said to try again. */
  readonly failures: number;
  readonly input: JsonObject;
  /** What the steps answered, by name. */
  readonly outputs: { readonly [branch: string]: JsonObject };
  /** Steps that answered that they did not happen and never will: they need no undoing. */
  readonly rejected: readonly string[];
  /** Steps that were undone, or called off before they came. */
  readonly undone: readonly string[];
  /** Steps that could not be undone although the others were. */
  readonly uncompensated: readonly string[];
  /** Why it turned back. */
  readonly failure: { readonly code: string; readonly detail: string } | null;
  /** Why people are asked. */
  readonly attention: string | null;
  /** The number of the event that asked for people: what they say is about that one. Null while nobody is asked. */
  readonly attentionSeq: number | null;
  readonly startedAtMs: number;
  readonly deadlineAtMs: number;
  /** The number of its newest event; they have no gaps. */
  readonly seq: number;
}

/** Who told a saga to do something that it would not have done by itself. */
export interface Approval {
  readonly by: string;
  /** The second person. */
  readonly approvedBy: string;
  readonly reason: string;
  readonly evidence: string;
}

/** What happened to a saga. Appended, never changed; the saga is what they add up to. */
export type SagaEvent =
  | {
      readonly kind: 'started';
      readonly id: string;
      readonly type: string;
      readonly definitionVersion: number;
      readonly input: JsonObject;
      readonly deadlineAtMs: number;
    }
  | { readonly kind: 'sent'; readonly step: number; readonly branch: string; readonly op: Op; readonly attempt: number }
  | {
      readonly kind: 'answered';
      readonly branch: string;
      readonly op: Op;
      readonly attempt: number;
      readonly outcome: Outcome;
    }
  | { readonly kind: 'paused'; readonly branch: string; readonly op: Op; readonly pauseMs: number }
  | { readonly kind: 'advanced'; readonly step: number }
  | { readonly kind: 'turned-back'; readonly code: string; readonly detail: string; readonly actor: string | null }
  | { readonly kind: 'stepped-back'; readonly step: number; readonly why: string }
  | { readonly kind: 'left-undone'; readonly branch: string }
  | { readonly kind: 'attention'; readonly reason: string; readonly isStopped: boolean }
  | ({ readonly kind: 'retried' } & Approval)
  | ({ readonly kind: 'resolved'; readonly branch: string | null } & Approval)
  | { readonly kind: 'completed' }
  | { readonly kind: 'compensated' };

/** An event at its place. */
export type LoggedEvent = SagaEvent & { readonly seq: number; readonly atMs: number };

/** Whether nothing will happen to it any more. */
export function isFinal(saga: Saga): boolean {
  return saga.status === 'completed' || saga.status === 'compensated';
}
