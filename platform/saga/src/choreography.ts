import { fail, ok, type Result } from '@florin/primitives';
import type { DefinitionFailure } from './definition.ts';

/** What one participant does when it hears that something has happened. */
export interface Reaction {
  readonly participant: string;
  /** The fact it hears. */
  readonly on: string;
  /** What it does then, in the transaction that also remembers having heard. */
  readonly does: string;
  /** The fact that it was done. */
  readonly says: string;
  /** The fact that it could not be done, for a reason of business; null when it always can. */
  readonly orSays: string | null;
}

/**
 * Work that nobody conducts: each participant hears facts, does its part and says so. A tracker watches that it ends; it
 * tells nobody what to do, it raises what is stuck.
 */
export interface Choreography {
  readonly type: string;
  /** The fact it begins with. */
  readonly begins: string;
  readonly reactions: readonly Reaction[];
  /** The facts it may end with; exactly one of them is said in the end. */
  readonly ends: readonly string[];
  /** From its beginning until the tracker raises it. */
  readonly deadlineMs: number;
}

/**
 * Whether a choreography always ends: whatever is said is an end or heard by exactly one participant, nothing is said twice,
 * nothing comes after an end, and nothing goes round in a circle. Fails with `invalid-definition`.
 */
export function checkChoreography(choreography: Choreography): Result<Choreography, DefinitionFailure> {
  const problem = problemOf(choreography);
  if (problem === undefined) return ok(choreography);
  return fail({ code: 'invalid-definition', detail: `${choreography.type}: ${problem}` });
}

function problemOf({ begins, reactions, ends, deadlineMs }: Choreography): string | undefined {
  if (!(deadlineMs > 0 && Number.isFinite(deadlineMs))) return 'the deadline is no time from now on';
  const heard = new Set<string>();
  const said = new Set([begins]);
  // Each reaction hears what is said before it, so there is no way back to an earlier one.
  for (const { on, says, orSays } of reactions) {
    if (!said.has(on)) return `nobody has said ${on} before it is heard`;
    if (heard.has(on)) return `${on} is heard twice`;
    if (ends.includes(on)) return `${on} is an end, and something follows it`;
    heard.add(on);
    for (const fact of [says, orSays]) {
      if (fact === null) continue;
      if (said.has(fact)) return `${fact} is said twice`;
      said.add(fact);
    }
  }
  for (const fact of said) if (!heard.has(fact) && !ends.includes(fact)) return `nobody hears ${fact}`;
  const unsaid = ends.find((end) => !said.has(end) || end === begins);
  return unsaid === undefined ? undefined : `nobody says ${unsaid}`;
}

/** What a participant does about a fact; undefined when it is not its concern. */
export function reactionTo({ reactions }: Choreography, participant: string, fact: string): Reaction | undefined {
  return reactions.find((reaction) => reaction.participant === participant && reaction.on === fact);
}

/** One piece of choreographed work as the tracker knows it: what was said so far, in no order. */
export interface Tracking {
  readonly id: string;
  readonly deadlineAtMs: number;
  readonly facts: readonly string[];
  /** The end that was said; null while none was. */
  readonly end: string | null;
  /** Whether people were told that it is stuck. */
  readonly isRaised: boolean;
}

/** Begins to track, whichever fact is heard first. `begunAtMs` is when the work began, which every fact of it carries. */
export function beginTracking({ deadlineMs }: Choreography, id: string, begunAtMs: number): Tracking {
  return { id, deadlineAtMs: begunAtMs + deadlineMs, facts: [], end: null, isRaised: false };
}

/** The tracking after one more fact. Facts may come twice and in any order: what they add up to is the same. */
export function noteFact({ ends }: Choreography, tracking: Tracking, fact: string): Tracking {
  if (tracking.facts.includes(fact)) return tracking;
  const end = tracking.end ?? (ends.includes(fact) ? fact : null);
  return { ...tracking, facts: [...tracking.facts, fact], end };
}

/** Whether people have to be told now: the deadline has passed, and no end was said. */
export function isStuck({ end, isRaised, deadlineAtMs }: Tracking, nowMs: number): boolean {
  return end === null && !isRaised && nowMs >= deadlineAtMs;
}

/** Whom it waits for: the reactions to what was said that have not said anything yet. */
export function waitsFor({ reactions }: Choreography, { facts, end }: Tracking): readonly Reaction[] {
  if (end !== null) return [];
  return reactions.filter(({ on, says, orSays }) => {
    const hasSaid = facts.includes(says) || (orSays !== null && facts.includes(orSays));
    return facts.includes(on) && !hasSaid;
  });
}
