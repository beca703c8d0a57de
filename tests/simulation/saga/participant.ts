import { timeOfId } from '@florin/primitives';
import {
  type BarrierRecord,
  type Outcome,
  SAGA_AGE_MS_MAX,
  type SagaCommand,
  TOMBSTONE,
  TOO_OLD,
  UNDONE,
  unknownOutcome,
} from '@florin/saga';
import { must } from '../kernel/violation.ts';
import type { Ledger, Work } from './ledger.ts';
import type { Surroundings } from './surroundings.ts';

const PENDING_MS_MAX = 8_000;

export interface ParticipantRules {
  /** How often a rule of business refuses a step that is screened. */
  readonly refusals: number;
  /** Hears of every commit. */
  readonly onCommit: (sagaId: string) => void;
}

/** A service that takes part in sagas: the barrier before its books, and the ways in which it can fail. */
export class Participant {
  readonly ledger: Ledger;
  readonly #world: Surroundings;
  readonly #rules: ParticipantRules;
  #downUntilMs = 0;
  /** Until when a step that was accepted is still at work. */
  readonly #readyAtMs = new Map<string, number>();
  readonly #undoable = new Map<string, boolean>();

  constructor(world: Surroundings, ledger: Ledger, rules: ParticipantRules) {
    this.#world = world;
    this.#rules = rules;
    this.ledger = ledger;
  }

  isDownFor(ms: number): void {
    this.#downUntilMs = this.#world.timeline.nowMs + ms;
  }

  comesBack(): void {
    this.#downUntilMs = 0;
    this.#readyAtMs.clear();
  }

  receive(command: SagaCommand, answer: (outcome: Outcome) => void): void {
    const { random, timeline, faults } = this.#world;
    const { sagaId } = command;
    if (timeline.nowMs < this.#downUntilMs) {
      this.#world.mark(sagaId, 'delivery', `${this.ledger.name} is down`);
      return;
    }
    const outcome = this.#deal(command);
    this.#world.tally.add(`${command.op}: ${outcome.kind}`);
    this.#world.trace(
      sagaId,
      () => `${this.ledger.name} answers ${command.op} ${command.branch} #${command.attempt}: ${outcome.kind}`,
    );
    if (random.chance(faults.participantCrash)) {
      this.#world.mark(sagaId, 'delivery', `${this.ledger.name} stops before it answers`);
    } else if (random.chance(faults.garbage)) {
      this.#world.mark(sagaId, 'delivery', `${this.ledger.name} answers with a page of HTML`);
      answer(unknownOutcome('<html>'));
    } else answer(outcome);
  }

  #deal(command: SagaCommand): Outcome {
    const { core, timeline } = this.#world;
    const { sagaId, branch, op, operation, payload } = command;
    if (core.refusesOld && timeline.nowMs - timeOfId(sagaId) > SAGA_AGE_MS_MAX) return TOO_OLD;
    const fingerprint = `${operation} ${JSON.stringify(payload)}`;
    const decision = core.decideBarrier(op, fingerprint, this.ledger.records(sagaId, branch));
    must(decision.kind !== 'mismatch', 'P7', sagaId, () => `${op} ${branch} came with another payload`);
    switch (decision.kind) {
      case 'answer':
        return decision.outcome;
      case 'empty':
        return this.#commit(command, { outcome: UNDONE }, { do: TOMBSTONE, undo: { fingerprint, outcome: UNDONE } });
      default:
        return this.#work(command, fingerprint);
    }
  }

  #work(command: SagaCommand, fingerprint: string): Outcome {
    const { op } = command;
    if (op === 'do' && this.#isPending(command)) {
      const outcome = { kind: 'pending' } as const;
      return this.#commit(command, { outcome }, { do: { fingerprint, outcome } });
    }
    if (op === 'undo' && !this.#canUndo(command)) return { kind: 'cannot_compensate', detail: 'not now' };
    const work = this.#decide(command);
    if (work.outcome.kind === 'cannot_compensate') return work.outcome;
    const record: BarrierRecord = { fingerprint, outcome: work.outcome };
    return this.#commit(command, work, op === 'do' ? { do: record } : { undo: record });
  }

  #decide(command: SagaCommand): Work {
    const { sagaId, branch, op } = command;
    // What was accepted and has not been done yet is called off, and the books have nothing of it.
    const isBegun = this.ledger.records(sagaId, branch).do?.outcome.kind === 'pending';
    if (op === 'undo' && isBegun) return { outcome: UNDONE };
    if (this.#isRefusedByRule(command)) return { outcome: { kind: 'rejected', code: 'rule', detail: '' } };
    return this.ledger.work(command);
  }

  #commit(command: SagaCommand, work: Work, records: { do?: BarrierRecord; undo?: BarrierRecord }): Outcome {
    const { random, faults, core } = this.#world;
    if (random.chance(faults.commitFailure)) {
      this.#world.mark(command.sagaId, 'delivery', `${this.ledger.name} fails to commit`);
      if (!core.isAtomic) this.ledger.commit(command, work, undefined);
      return unknownOutcome('500');
    }
    this.ledger.commit(command, work, records);
    this.#rules.onCommit(command.sagaId);
    return work.outcome;
  }

  #isRefusedByRule({ sagaId, branch, op, operation }: SagaCommand): boolean {
    const { random, faults } = this.#world;
    if (op === 'undo') return false;
    if (operation === 'screen') return random.chance(this.#rules.refusals);
    const isWrong = /^(credit|notify)$/.test(operation) && random.chance(faults.wrongRefusal);
    if (isWrong) this.#world.mark(sagaId, 'refusal', `${branch} is refused by a rule that is wrong`);
    return isWrong;
  }

  /** A step that takes its time is done by the participant itself when it is ready, as if the command came again. */
  #isPending(command: SagaCommand): boolean {
    const { random, timeline, faults } = this.#world;
    const key = `${command.sagaId}/${command.branch}`;
    const readyAtMs = this.#readyAtMs.get(key);
    if (readyAtMs !== undefined) return timeline.nowMs < readyAtMs;
    if (!random.chance(faults.pending)) return false;
    const inMs = random.between(100, PENDING_MS_MAX);
    this.#readyAtMs.set(key, timeline.nowMs + inMs);
    this.#world.mark(command.sagaId, 'pending', `${command.branch} takes ${inMs} ms`);
    timeline.after(inMs, () => this.#deal(command));
    return true;
  }

  #canUndo(command: SagaCommand): boolean {
    const { random, faults } = this.#world;
    if (faults.cannotUndo === 0) return true;
    const key = `${command.sagaId}/${command.branch}`;
    const known = this.#undoable.get(key);
    const canUndo = known ?? !random.chance(faults.cannotUndo);
    this.#undoable.set(key, canUndo);
    if (!canUndo) this.#world.mark(command.sagaId, 'cannot-undo', `${command.branch} can not be undone for now`);
    return canUndo;
  }
}
