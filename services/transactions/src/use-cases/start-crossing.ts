import { fail, invariant, ok, type Result } from '@florin/primitives';
import { type SagaStart, startSaga, type Transition, withFirstStep } from '@florin/saga';
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
import { recordOfStep } from './saga-participant.ts';
import { type KnownCommands, type Outcome, type Submission, versionsFor, type Written } from './submission.ts';
import { replayOf } from './submit-command.ts';

const BYTES_PER_START = 4_096;

/** What `startCrossing` works with besides the payer's ledger. */
export interface CrossingDeps {
  /** Who works on the sagas of a shard; see the runner of `@florin/saga`. */
  readonly runnerOf: (shard: number) => {
    readonly holder: string;
    /** The database's clock, which deadlines follow. */
    nowMs(): number;
    started(transition: Transition): void;
  };
}

/**
 * Accepts a transfer to another shard: the key, the money set aside and the saga that carries it on commit together in the
 * payer's shard, so nothing is lost from here on and nothing can happen twice. The answer is that it is pending. Refused as
 * a transfer within one shard is; the payee is looked at before, and what becomes of it meanwhile ends in suspense.
 */
export async function startCrossing(
  { runnerOf }: CrossingDeps,
  ledger: Ledger,
  keyed: KeyedTransfer,
  payee: Account | undefined,
): Promise<Outcome> {
  const runner = runnerOf(ledger.index);
  let started: Transition | undefined;
  const submission = submissionOf(keyed, payee, (crossing) => {
    started = beginCrossing(runner.nowMs(), crossing);
    return { transition: started, subject: crossing.transferId, holder: runner.holder };
  });
  const outcome = await ledger.groupCommit.submit(submission);
  const isNew = outcome.kind === 'answered' && !outcome.isReplay && outcome.status < 400;
  if (isNew && started !== undefined) runner.started(started);
  return outcome;
}

/** The saga with its first step done: what is set aside commits with it. */
export function beginCrossing(nowMs: number, crossing: Crossing): Transition {
  const setting = { definition: crossingTransfer, nowMs, random: 0 };
  const start = startSaga(setting, { id: crossing.transferId, input: toInput(crossing) });
  return withFirstStep(setting, start, { kind: 'applied', output: {} });
}

function submissionOf(
  keyed: KeyedTransfer,
  payee: Account | undefined,
  sagaOf: (crossing: Crossing) => SagaStart,
): Submission {
  return {
    accountIds: [keyed.command.debitAccountId],
    keys: [keyed],
    holdIds: [],
    journalIds: [],
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
  sagaOf: (crossing: Crossing) => SagaStart,
  { draft, known, context }: Place,
): { outcome: Outcome; written: Written } {
  const { command } = keyed;
  const result = decideSending(draft, command, payee, context);
  const answer = keyed.presentPending(result);
  const record = { scope: keyed.scope, key: keyed.key, fingerprint: keyed.fingerprint, ...answer };
  if (answer.isFinal) known.add(record);
  const commands = answer.isFinal ? [record] : [];
  const outcome = { kind: 'answered', status: answer.status, body: answer.body, isReplay: false } as const;
  if (!result.ok) return { outcome: { ...outcome, versions: [] }, written: { decisions: [], commands } };
  draft.evolve(result.value);
  const payer = draft.account(command.debitAccountId);
  invariant(payer !== undefined && payee !== undefined, 'both sides were found');
  const crossing = crossingOf(command, payer, payee);
  const saga = sagaOf(crossing);
  const taken = recordOfStep(firstStep(crossing), { kind: 'applied', output: {} });
  return {
    outcome: { ...outcome, versions: versionsFor(command.actor, [result.value]) },
    written: { decisions: [result.value], commands: [...commands, taken], sagas: [saga] },
  };
}

/** The payer's side by its rules, then whether the payee could take it now. */
function decideSending(
  draft: LedgerDraft,
  command: TransferCommand,
  payee: Account | undefined,
  context: Context,
): Result<Decision, LedgerFailure> {
  const { kind: _, feeJournalId: __, ...facts } = command;
  const sending = decide(draft, { kind: 'send', ...facts }, context);
  if (!sending.ok) return sending;
  if (payee === undefined) return fail({ code: 'account-not-found', detail: 'There is no such account.' });
  const credit = checkCredit(payee, command.amountMinor, command.currency);
  return credit.ok ? ok(sending.value) : credit;
}
