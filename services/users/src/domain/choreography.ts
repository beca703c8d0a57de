/** A piece of work that goes on by events: which steps must be heard of, in any order, for it to be done. */
export interface ChoreographyDefinition {
  readonly type: string;
  readonly version: number;
  readonly steps: readonly string[];
}

/** From the sign-up to the first account and the welcome that tells of it. */
export const WELCOME: ChoreographyDefinition = {
  type: 'welcome',
  version: 1,
  steps: ['signed-up', 'account-open', 'welcomed'],
};

/** Every version that may still be running: each is followed by the one it began with. */
const DEFINITIONS: readonly ChoreographyDefinition[] = [WELCOME];

/** It takes a second; a minute is long enough for a service to restart, and short enough for somebody to look. */
export const WELCOME_DEADLINE_MS = 60_000;

export type ChoreographyStatus = 'running' | 'completed' | 'stuck';

export interface Choreography {
  readonly id: string;
  readonly type: string;
  readonly definitionVersion: number;
  /** Whom it is about; also the correlation id of its events. */
  readonly subject: string;
  readonly status: ChoreographyStatus;
  readonly attempt: number;
  readonly deadlineAtMs: number;
  readonly startedAtMs: number;
  readonly updatedAtMs: number;
  /** The number of the event that says it is stuck; null while it is not. What staff ask for is about that one. */
  readonly attentionSeq: number | null;
  /** The steps that were heard of. */
  readonly heard: readonly string[];
}

/** One thing that happened to it. */
export interface ChoreographyEvent {
  readonly seq: number;
  readonly kind: ChoreographyEventKind;
  readonly step: string | undefined;
  readonly topic: string | undefined;
  readonly eventId: string | undefined;
  readonly causationId: string | undefined;
  readonly data: ChoreographyEventData;
  readonly atMs: number;
}

export type ChoreographyEventKind =
  | 'begun'
  | 'heard'
  | 'completed'
  | 'stuck'
  | 'asked'
  | 'rejected'
  | 'retried'
  | 'resolved'
  | 'not-needed';

/** Who did what and why, where it was somebody. */
export interface ChoreographyEventData {
  readonly action?: string;
  readonly actor?: string;
  readonly checker?: string;
  readonly reason?: string;
  readonly evidence?: string;
}

/** The steps that are still waited for, in the order of the definition; a version that is not known waits for `?`. */
export function missingSteps(of: Pick<Choreography, 'type' | 'definitionVersion' | 'heard'>): readonly string[] {
  const steps = stepsOf(of);
  return steps === undefined ? ['?'] : steps.filter((step) => !of.heard.includes(step));
}

/** The steps of the version it began with; undefined when that is not known here. */
export function stepsOf(of: Pick<Choreography, 'type' | 'definitionVersion'>): readonly string[] | undefined {
  return DEFINITIONS.find(({ type, version }) => type === of.type && version === of.definitionVersion)?.steps;
}

/** Why somebody must look at it; undefined when nobody must. */
export function attentionOf(of: Choreography): string | undefined {
  if (of.status !== 'stuck') return undefined;
  return `Nothing was heard of ${missingSteps(of).join(' and ')} by its deadline.`;
}
