import { Fault, fail, invariant, type Result } from '@florin/primitives';
import type { Coordinator, TwoPhaseOutcome } from '@florin/two-phase-commit';
import type { Account } from '../domain/account.ts';
import type { LedgerFailure } from '../domain/failures.ts';
import type { Decision } from '../domain/ledger-view.ts';
import { type CommandRecord, findCommands } from '../repositories/commands.ts';
import { crossingOf } from './crossing-facts.ts';
import type { KeyedTransfer } from './keyed-transfer.ts';
import type { Ledger } from './ledger.ts';
import { noteApproval } from './note-approval.ts';
import { type Answer, KnownCommands, type Outcome, type Submission, versionsFor } from './submission.ts';
import { notesOf, replayOf } from './submit-command.ts';
import type { BranchRefusal, TransferBranch } from './transfer-branches.ts';

/** What two-phase commit takes: who coordinates in a shard, and how the branch of a shard is called. */
export interface TwoPhaseDeps {
  readonly coordinatorOf: (shard: number) => Coordinator<TransferBranch, BranchRefusal>;
  readonly branchOf: (shard: number) => string;
}

const BYTES_PER_RECORD = 2_048;

/**
 * Moves money between two shards in one piece: both databases prepare, one row decides, both commit. Nobody sees half of
 * it, and both accounts are locked for three flushes and two round trips. Once per key, like every transfer. Resolves to
 * `account-busy` when a lock was not granted in time or a database had no room; throws a retryable Fault while it is not
 * known how it ends, or the payer could not see it yet: the same key asks again.
 */
export async function prepareTransfer(
  { coordinatorOf, branchOf }: TwoPhaseDeps,
  shards: { readonly debit: Ledger; readonly credit: Ledger },
  keyed: KeyedTransfer,
  accounts: { readonly payer: Account | undefined; readonly payee: Account | undefined },
): Promise<Outcome> {
  const { debit, credit } = shards;
  const known = replayOf(keyed, new KnownCommands(await findCommands(debit.db, [keyed])));
  if (known !== null) return known;
  const { payer, payee } = accounts;
  if (payer === undefined || payee === undefined) return settle(debit, keyed, NOT_FOUND);
  const crossing = crossingOf(keyed.command, payer, payee);
  let posted: Decision | undefined;
  const record = (decision: Decision) => {
    posted = decision;
    return recordOf(keyed, keyed.presentTwoPhase({ ok: true, value: decision }));
  };
  const outcome = await coordinatorOf(debit.index).run(
    keyed.command.id,
    new Map<string, TransferBranch>([
      [
        branchOf(debit.index),
        { side: 'debit', crossing, approval: keyed.command.approval, record, notes: notesOf(keyed) },
      ],
      [branchOf(credit.index), { side: 'credit', crossing }],
    ]),
  );
  if (outcome.status === 'committed') {
    if (!outcome.isEnded && !(await isVisible(debit, keyed))) throw inDoubt();
    return committed(keyed, posted);
  }
  return outcome.status === 'aborted' ? aborted(debit, keyed, outcome.reason) : Promise.reject(inDoubt());
}

const NOT_FOUND = fail<LedgerFailure>({ code: 'account-not-found', detail: 'There is no such account.' });

/**
 * Whether the payer's branch has committed: the key was written with it. Before that a payer who was told would look and find
 * the balance of before.
 */
async function isVisible({ db }: Ledger, keyed: KeyedTransfer): Promise<boolean> {
  return (await findCommands(db, [keyed])).length > 0;
}

function committed(keyed: KeyedTransfer, posted: Decision | undefined): Outcome {
  invariant(posted !== undefined, 'the debit was decided before it was committed');
  const { status, body } = keyed.presentTwoPhase({ ok: true, value: posted });
  return { kind: 'answered', status, body, isReplay: false, versions: versionsFor(keyed.command.actor, [posted]) };
}

function recordOf({ scope, key, fingerprint }: KeyedTransfer, { status, body }: Answer): CommandRecord {
  return { scope, key, fingerprint, status, body };
}

type Reason = Extract<TwoPhaseOutcome<BranchRefusal>, { status: 'aborted' }>['reason'];

function aborted(ledger: Ledger, keyed: KeyedTransfer, reason: Reason): Promise<Outcome> | Outcome {
  if (reason.code !== 'refused') return { kind: 'account-busy' };
  const { refusal } = reason;
  if (refusal.code === 'key-in-flight') return { kind: 'key-in-flight' };
  return settle(ledger, keyed, fail(refusal));
}

function inDoubt(): Fault {
  const wait = { retryable: true, retryAfterSeconds: 2 };
  return new Fault('transfer-in-doubt', 'it is not known yet how the transfer ended', wait);
}

/** Keeps a refusal under the key: nothing else was left behind. */
function settle(ledger: Ledger, keyed: KeyedTransfer, result: Result<Decision, LedgerFailure>): Promise<Outcome> {
  const answer = keyed.presentTwoPhase(result);
  const record = recordOf(keyed, answer);
  const submission: Submission = {
    name: 'prepare-transfer',
    accountIds: [],
    keys: [keyed],
    holdIds: [],
    journalIds: [],
    weight: 1,
    bytes: BYTES_PER_RECORD,
    replay: (known) => replayOf(keyed, known),
    decide: () => ({
      outcome: { kind: 'answered', status: answer.status, body: answer.body, isReplay: false, versions: [] },
      written: { decisions: [], commands: answer.isFinal ? [record] : [], ...noteApproval(keyed.command, result) },
    }),
  };
  return ledger.groupCommit.submit(submission);
}
