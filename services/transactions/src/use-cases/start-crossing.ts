import { fail, invariant, type Result } from '@florin/primitives';
import type { SagaStart, Transition } from '@florin/saga';
import type { Account } from '../domain/account.ts';
import type { TransferCommand } from '../domain/command.ts';
import { decide } from '../domain/decide.ts';
import type { LedgerFailure } from '../domain/failures.ts';
import type { Context, Decision, LedgerDraft } from '../domain/ledger-view.ts';
import { checkCredit } from '../domain/rules.ts';
import { type Crossing, crossingTransfer, toInput } from '../sagas/crossing-transfer.ts';
import { crossingOf } from './crossing-facts.ts';
import { firstStep } from './crossing-steps.ts';
import type { KeyedTransfer } from './keyed-transfer.ts';
import type { Ledger } from './ledger.ts';
import { approvalLookups, noteApproval } from './note-approval.ts';
import { recordOfStep } from './saga-participant.ts';
import { beginSaga, type NewSaga, type SagaStarter, submitStart } from './start-saga.ts';
import { type KnownCommands, type Outcome, type Submission, versionsFor, type Written } from './submission.ts';
import { notesOf, replayOf } from './submit-command.ts';

const BYTES_PER_START = 4_096;

/** What begins sagas, besides the payer's ledger. */
export interface CrossingDeps {
  /** Who works on the sagas of a shard. */
  readonly runnerOf: (shard: number) => SagaStarter;
}

/**
 * Accepts a transfer to another shard: the key, the money set aside and the saga that carries it on commit together in the
 * payer's shard, so nothing is lost from here on and nothing can happen twice. The answer is that it is pending. Refused as
 * a transfer within one shard is; the payee is looked at before, and what becomes of it meanwhile ends in suspense.
 */
export function startCrossing(
  { runnerOf }: CrossingDeps,
  ledger: Ledger,
  keyed: KeyedTransfer,
  payee: Account | undefined,
): Promise<Outcome> {
  return submitStart(runnerOf(ledger.index), ledger, crossingTransfer, (sagaOf) => submissionOf(keyed, payee, sagaOf));
}

/** The saga with its first step done: what is set aside commits with it. */
export function beginCrossing(nowMs: number, crossing: Crossing): Transition {
  return beginSaga({ definition: crossingTransfer, nowMs, random: 0 }, crossing.transferId, toInput(crossing));
}

function submissionOf(
  keyed: KeyedTransfer,
  payee: Account | undefined,
  sagaOf: (saga: NewSaga) => SagaStart,
): Submission {
  return {
    name: 'start-crossing',
    accountIds: [keyed.command.debitAccountId],
    keys: [keyed],
    holdIds: [],
    journalIds: [],
    approvals: approvalLookups([keyed.command]),
    weight: 1,
    bytes: BYTES_PER_START,
    replay: (known) => replayOf(keyed, known),
    decide: (draft, known, context) => decideStart(keyed, payee, sagaOf, { draft, known, context }),
  };
}

interface Place {
  readonly draft: LedgerDraft;
  readonly known: KnownCommands;
  readonly context: Context;
}

function decideStart(
  keyed: KeyedTransfer,
  payee: Account | undefined,
  sagaOf: (saga: NewSaga) => SagaStart,
  { draft, known, context }: Place,
): { outcome: Outcome; written: Written } {
  const { command } = keyed;
  const result = decideSending(draft, command, payee, context);
  const answer = keyed.presentPending(result);
  const record = { scope: keyed.scope, key: keyed.key, fingerprint: keyed.fingerprint, ...answer };
  if (answer.isFinal) known.add(record);
  const commands = answer.isFinal ? [record] : [];
  const outcome = { kind: 'answered', status: answer.status, body: answer.body, isReplay: false } as const;
  if (!result.ok) {
    const written = { decisions: [], commands, ...noteApproval(command, result) };
    return { outcome: { ...outcome, versions: [] }, written };
  }
  draft.evolve(result.value);
  const payer = draft.account(command.debitAccountId);
  invariant(payer !== undefined && payee !== undefined, 'both sides were found');
  const crossing = crossingOf(command, payer, payee);
  const saga = sagaOf({ id: command.id, input: toInput(crossing), subject: command.id });
  const taken = recordOfStep(firstStep(crossing), { kind: 'applied', output: {} });
  return {
    outcome: { ...outcome, versions: versionsFor(command.actor, [result.value]) },
    written: { decisions: [result.value], commands: [...commands, taken], sagas: [saga], notes: notesOf(keyed) },
  };
}

/** The payer's side by its rules, then whether the payee could take it now. */
function decideSending(
  draft: LedgerDraft,
  command: TransferCommand,
  payee: Account | undefined,
  context: Context,
): Result<Decision, LedgerFailure> {
  const { kind: _, feeJournalId: __, approval, ...facts } = command;
  const sending = decide(draft, { kind: 'send', ...facts }, context);
  if (!sending.ok) return sending;
  if (payee === undefined) return fail({ code: 'account-not-found', detail: 'There is no such account.' });
  const credit = checkCredit(payee, command.amountMinor, command.currency);
  if (!credit.ok) return credit;
  // Last of all, as within one shard: nobody confirms what would be refused.
  return approval === undefined ? sending : decide(draft, { kind: 'send', ...facts, approval }, context);
}
