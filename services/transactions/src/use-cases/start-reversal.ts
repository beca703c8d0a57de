import type { SagaStart } from '@florin/saga';
import { decide } from '../domain/decide.ts';
import type { Context, LedgerDraft } from '../domain/ledger-view.ts';
import type { CommandKey } from '../repositories/commands.ts';
import { type CrossingReversal, claimOf, crossingReversal, reversalToInput } from '../sagas/crossing-reversal.ts';
import type { Ledger } from './ledger.ts';
import { pendingReversal, type ReversalState } from './reversal-state.ts';
import { claimStep } from './reversal-steps.ts';
import { recordOfStep } from './saga-participant.ts';
import type { CrossingDeps } from './start-crossing.ts';
import { type NewSaga, submitStart } from './start-saga.ts';
import type { Answer, KnownCommands, Outcome, Present, Submission, Written } from './submission.ts';
import { replayOf } from './submit-command.ts';

const BYTES_PER_START = 4_096;

/** A reversal between two shards under its key, with how to answer it. */
export interface KeyedReversal extends CommandKey {
  readonly fingerprint: string;
  /** How to answer a refusal to begin. */
  readonly present: Present;
  /** How to answer it while it is on its way, and when it has ended: then the same whenever it is asked. */
  readonly presentCrossing: (state: ReversalState) => Answer;
}

/**
 * Begins to take a transfer between two shards back: the key, the claim on the transfer and the saga commit together in the
 * payer's shard, so nothing is lost from here on and nothing can happen twice. The answer is that it is pending; a
 * refusal of `decideClaim` is final.
 */
export function startReversal(
  { runnerOf }: CrossingDeps,
  ledger: Ledger,
  keyed: KeyedReversal,
  reversal: CrossingReversal,
): Promise<Outcome> {
  const runner = runnerOf(ledger.index);
  return submitStart(runner, ledger, crossingReversal, (sagaOf) => submissionOf(keyed, reversal, sagaOf));
}

function submissionOf(
  keyed: KeyedReversal,
  reversal: CrossingReversal,
  sagaOf: (saga: NewSaga) => SagaStart,
): Submission {
  return {
    name: 'start-reversal',
    accountIds: [reversal.payer.accountId],
    keys: [keyed],
    holdIds: [],
    journalIds: [reversal.transferId],
    weight: 1,
    bytes: BYTES_PER_START,
    replay: (known) => replayOf(keyed, known),
    decide: (draft, known, context) => decideStart(keyed, reversal, sagaOf, { draft, known, context }),
  };
}

interface Place {
  readonly draft: LedgerDraft;
  readonly known: KnownCommands;
  readonly context: Context;
}

function decideStart(
  keyed: KeyedReversal,
  reversal: CrossingReversal,
  sagaOf: (saga: NewSaga) => SagaStart,
  { draft, known, context }: Place,
): { outcome: Outcome; written: Written } {
  const result = decide(draft, claimOf('claim', reversal), context);
  const { status, body, isFinal } = result.ok
    ? keyed.presentCrossing(pendingReversal(reversal, context))
    : keyed.present(result);
  const record = { scope: keyed.scope, key: keyed.key, fingerprint: keyed.fingerprint, status, body };
  if (isFinal) known.add(record);
  const commands = isFinal ? [record] : [];
  const outcome = { kind: 'answered', status, body, isReplay: false, versions: [] } as const;
  if (!result.ok) return { outcome, written: { decisions: [], commands } };
  draft.evolve(result.value);
  const { reversalId: id, transferId: subject } = reversal;
  const saga = sagaOf({ id, input: reversalToInput(reversal), subject });
  const taken = recordOfStep(claimStep(reversal), { kind: 'applied', output: {} });
  return { outcome, written: { decisions: [result.value], commands: [...commands, taken], sagas: [saga] } };
}
