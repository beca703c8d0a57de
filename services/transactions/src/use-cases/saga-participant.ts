import { type Result, timeOfId } from '@florin/primitives';
import {
  type BarrierRecord,
  decideBarrier,
  MISMATCH,
  type Outcome,
  readOutcome,
  SAGA_AGE_MS_MAX,
  type SagaCommand,
  type SagaStart,
  TOMBSTONE,
  TOO_OLD,
  UNDONE,
  unknownOutcome,
} from '@florin/saga';
import { accountsOf, type Command, journalsOf } from '../domain/command.ts';
import { decide } from '../domain/decide.ts';
import type { LedgerFailure, LedgerFailureCode } from '../domain/failures.ts';
import type { Context, Decision, LedgerDraft } from '../domain/ledger-view.ts';
import { type CommandKey, type CommandRecord, SAGA_SCOPE } from '../repositories/commands.ts';
import type { GroupCommit } from './group-commit.ts';
import { noteRefusal } from './note-refusal.ts';
import type { KnownCommands, Submission, Outcome as Submitted, Written } from './submission.ts';

/** A saga's command to this ledger, and what it means here. */
export interface LedgerStep {
  readonly command: Pick<SagaCommand, 'sagaId' | 'branch' | 'op'>;
  /** What is asked, without what changes from attempt to attempt. */
  readonly fingerprint: string;
  readonly ledgerCommand: Command;
  readonly holdIds: readonly string[];
  /**
   * What goes on with the step when doing it was decided, as a saga of the ledger's own; null when nothing does. It begins
   * in the same transaction. The step is `pending` then, for good: what became of it, the other saga knows.
   */
  readonly goesOn?: (decided: Decision, draft: LedgerDraft) => Continuation | null;
  /** The refusal that only says not yet: the saga is to ask again, and nothing is remembered of it. */
  readonly notYet?: LedgerFailureCode;
}

/** A saga that goes on with a step, and the record of what it has done already. */
export interface Continuation {
  readonly saga: SagaStart;
  readonly record: CommandRecord;
}

const BYTES_PER_STEP = 2_048;

/**
 * Does one step of a saga, or undoes it, exactly once: the step's record is a row of the command table, like any key, and
 * commits with the effect. What the rules refuse is `rejected`, and stays so. An account that is locked by others for too
 * long, a ledger that is busy or away is `unknown`: the saga asks again. So is a step of a saga so old that its record may
 * have been forgotten: done again it might be done twice, so people must look. `nowMs` is the system's clock.
 */
export async function takeStep(groupCommit: GroupCommit, step: LedgerStep, nowMs: number): Promise<Outcome> {
  if (nowMs - timeOfId(step.command.sagaId) > SAGA_AGE_MS_MAX) return TOO_OLD;
  let submitted: Submitted;
  try {
    submitted = await groupCommit.submit(submissionOf(step));
  } catch (error) {
    return unknownOutcome(error instanceof Error ? error.message : String(error));
  }
  if (submitted.kind === 'key-reused') {
    return MISMATCH;
  }
  if (submitted.kind !== 'answered') return unknownOutcome(submitted.kind);
  return readOutcome(JSON.parse(submitted.body));
}

/** The record of a step that was taken in the transaction which started its saga. */
export function recordOfStep(step: LedgerStep, outcome: Outcome): CommandRecord {
  return recordAt(keyOf(step.command, step.command.op), step.fingerprint, outcome);
}

function submissionOf(step: LedgerStep): Submission {
  return {
    name: step.ledgerCommand.kind,
    accountIds: accountsOf(step.ledgerCommand),
    keys: [keyOf(step.command, 'do'), keyOf(step.command, 'undo')],
    holdIds: step.holdIds,
    journalIds: journalsOf(step.ledgerCommand),
    weight: 1,
    bytes: BYTES_PER_STEP,
    replay: (known) => replayOf(step, known),
    decide: (draft, known, context) => decideStep(step, draft, known, context),
  };
}

function replayOf(step: LedgerStep, known: KnownCommands): Submitted | null {
  const barrier = barrierOf(step, known);
  if (barrier.kind === 'mismatch') return { kind: 'key-reused' };
  if (barrier.kind === 'answer') return answered(barrier.outcome, true);
  return isGoneOnWith(step, known) ? answered(PENDING, true) : null;
}

function decideStep(
  step: LedgerStep,
  draft: LedgerDraft,
  known: KnownCommands,
  context: Context,
): { outcome: Submitted; written: Written } {
  const { command, fingerprint } = step;
  const barrier = barrierOf(step, known);
  if (barrier.kind === 'empty') {
    const records = [
      recordAt(keyOf(command, 'do'), TOMBSTONE.fingerprint, TOMBSTONE.outcome),
      recordAt(keyOf(command, 'undo'), fingerprint, UNDONE),
    ];
    for (const record of records) known.add(record);
    return { outcome: answered(UNDONE, false), written: { decisions: [], commands: records } };
  }
  const result = decide(draft, step.ledgerCommand, context);
  if (!result.ok && result.failure.code === step.notYet) {
    return { outcome: answered(PENDING, false), written: { decisions: [], commands: [] } };
  }
  if (result.ok) draft.evolve(result.value);
  const further = result.ok ? step.goesOn?.(result.value, draft) : null;
  const outcome = further ? PENDING : outcomeOf(result);
  const decisions = result.ok ? [result.value] : [];
  // What can not be undone now may be when people ask again; what was refused to be done never is.
  const isKept = result.ok || command.op === 'do';
  const commands = isKept ? [recordAt(keyOf(command, command.op), fingerprint, outcome)] : [];
  for (const record of commands) known.add(record);
  const refusal = noteRefusal(draft, step.ledgerCommand, result, context);
  const written = further
    ? { decisions, commands: [...commands, further.record], sagas: [further.saga] }
    : { decisions, commands, ...refusal };
  return { outcome: answered(outcome, false), written };
}

const PENDING: Outcome = { kind: 'pending' };

/** Whether the step was done as far as here, and a saga of ours goes on with it. */
function isGoneOnWith({ command }: LedgerStep, known: KnownCommands): boolean {
  return command.op === 'do' && recordIn(known, keyOf(command, 'do'))?.outcome.kind === 'pending';
}

function barrierOf({ command, fingerprint }: LedgerStep, known: KnownCommands) {
  const records = { do: recordIn(known, keyOf(command, 'do')), undo: recordIn(known, keyOf(command, 'undo')) };
  return decideBarrier(command.op, fingerprint, {
    ...(records.do && { do: records.do }),
    ...(records.undo && { undo: records.undo }),
  });
}

function recordIn(known: KnownCommands, key: CommandKey): BarrierRecord | undefined {
  const found = known.get(key);
  return found && { fingerprint: found.fingerprint, outcome: readOutcome(JSON.parse(found.body)) };
}

function keyOf({ sagaId, branch }: Pick<SagaCommand, 'sagaId' | 'branch'>, op: SagaCommand['op']): CommandKey {
  return { scope: SAGA_SCOPE, key: `${sagaId}:${branch}:${op}` };
}

function recordAt(key: CommandKey, fingerprint: string, outcome: Outcome): CommandRecord {
  return { ...key, fingerprint, status: outcome.kind === 'applied' ? 200 : 422, body: JSON.stringify(outcome) };
}

function outcomeOf(result: Result<Decision, LedgerFailure>): Outcome {
  if (!result.ok) return { kind: 'rejected', code: result.failure.code, detail: result.failure.detail };
  const [journal] = result.value.journals;
  if (journal === undefined) return { kind: 'applied', output: {} };
  const { creditAccountId, bookedAtMs, valueDate } = journal;
  const output = { creditedTo: creditAccountId, bookedAt: new Date(bookedAtMs).toISOString(), valueDate };
  return { kind: 'applied', output };
}

function answered(outcome: Outcome, isReplay: boolean): Submitted {
  return { kind: 'answered', status: 200, body: JSON.stringify(outcome), isReplay, versions: [] };
}
