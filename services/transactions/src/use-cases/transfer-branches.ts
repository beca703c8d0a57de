import { type Executor, isUniqueViolation } from '@florin/postgres';
import { fail, ok, type Result } from '@florin/primitives';
import type { AuditNote } from '../domain/audit-note.ts';
import type { TransferCommand } from '../domain/command.ts';
import { decide } from '../domain/decide.ts';
import type { LedgerFailure } from '../domain/failures.ts';
import { type Context, type Decision, LedgerDraft } from '../domain/ledger-view.ts';
import { checkCredit } from '../domain/rules.ts';
import { lockAccounts } from '../repositories/accounts.ts';
import type { CommandRecord } from '../repositories/commands.ts';
import { findConfirmations, findExempted } from '../repositories/confirmations.ts';
import { type Crossing, postDebitOf, receiveOf, sendOf } from '../sagas/crossing-transfer.ts';
import type { Outbox } from './run-batch.ts';
import type { Written } from './submission.ts';
import { writeRows } from './write-batch.ts';

/** What one of the two databases does of a transfer that is committed in both or in none. */
export type TransferBranch =
  /** The payer's side; `record` makes the row of the key from what was decided, so that the answer commits with it. */
  | {
      readonly side: 'debit';
      readonly crossing: Crossing;
      readonly approval: TransferCommand['approval'];
      readonly record: (posted: Decision) => CommandRecord;
      readonly notes: readonly AuditNote[];
    }
  | { readonly side: 'credit'; readonly crossing: Crossing };

/** Why a branch refuses: a rule of the ledger, or the key is in use by another one at this moment. */
export type BranchRefusal = LedgerFailure | { readonly code: 'key-in-flight'; readonly detail: string };

/** What a branch takes of the shard it is in. */
export interface BranchDeps {
  readonly context: () => Context;
  readonly outbox: Outbox;
}

/**
 * Does one side of the transfer in a transaction that will be prepared. The same rules as a saga's steps, one after the
 * other; but the payee's side may refuse, since nothing is posted yet.
 */
export async function performBranch(
  { context, outbox }: BranchDeps,
  tx: Executor,
  branch: TransferBranch,
): Promise<Result<null, BranchRefusal>> {
  const { payer, payee } = branch.crossing;
  const { accountId } = branch.side === 'debit' ? payer : payee;
  const accounts = await lockAccounts(tx, [accountId]);
  const draft = new LedgerDraft({ accounts, ...(await approvalBooks(tx, branch)) });
  const now = context();
  const decided = branch.side === 'debit' ? decideDebit(draft, branch, now) : decideCredit(draft, branch.crossing, now);
  if (!decided.ok) return decided;
  const decisions = decided.value;
  const posted = decisions.at(-1) as Decision;
  const commands = branch.side === 'debit' ? [branch.record(posted)] : [];
  const written: Written = { decisions, commands };
  try {
    await Promise.all(
      writeRows(tx, [written], draft, outbox(decisions, draft, now, branch.side === 'debit' ? branch.notes : [])),
    );
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    return fail({ code: 'key-in-flight', detail: 'The key was used by another request a moment ago.' });
  }
  return ok(null);
}

type DebitBranch = TransferBranch & { readonly side: 'debit' };

/** What stands of the payer's approvals, read under the lock of the account they pay from. */
async function approvalBooks(tx: Executor, branch: TransferBranch) {
  if (branch.side === 'credit' || branch.approval === undefined) return {};
  const { subject, confirmationId } = branch.approval;
  return {
    exempted: await findExempted(tx, [{ accountId: branch.crossing.payer.accountId, subject }]),
    confirmations: confirmationId === null ? [] : await findConfirmations(tx, [confirmationId]),
  };
}

function decideDebit(
  draft: LedgerDraft,
  { crossing, approval }: DebitBranch,
  now: Context,
): Result<Decision[], LedgerFailure> {
  const send = sendOf(crossing);
  const sent = decide(draft, approval === undefined ? send : { ...send, approval }, now);
  if (!sent.ok) return sent;
  draft.evolve(sent.value);
  const posted = decide(draft, postDebitOf(crossing), now);
  if (!posted.ok) return posted;
  draft.evolve(posted.value);
  return ok([sent.value, posted.value]);
}

function decideCredit(draft: LedgerDraft, crossing: Crossing, now: Context): Result<Decision[], LedgerFailure> {
  const payee = draft.account(crossing.payee.accountId);
  if (payee === undefined) return fail({ code: 'account-not-found', detail: 'There is no such account.' });
  const credit = checkCredit(payee, crossing.amountMinor, crossing.currency);
  if (!credit.ok) return credit;
  const received = decide(draft, receiveOf(crossing), now);
  if (!received.ok) return received;
  draft.evolve(received.value);
  return ok([received.value]);
}
