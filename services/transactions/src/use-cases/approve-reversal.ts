import {
  type Approvable,
  type Approval,
  type ApprovalDesk,
  type ApprovalFailure,
  type AskFailure,
  ask,
  askedBefore,
} from '@florin/approvals';
import { formatMoney } from '@florin/money';
import { bucketOf, Fault, fail, ok, type Result } from '@florin/primitives';
import { isOwner } from '../domain/account.ts';
import { isReversible } from '../domain/decide-reversal.ts';
import type { LedgerFailure } from '../domain/failures.ts';
import { ownAccount } from '../domain/rules.ts';
import { findJournal, type JournalRecord } from '../repositories/journals.ts';
import { claimKeys } from './claim-key.ts';
import { type Reversals, reverseJournal } from './reverse-journal.ts';
import { findAccountsAnywhere, type Shards } from './shards.ts';
import type { Answer } from './submission.ts';

const REVERSE = 'transfers.reverse';

interface ReversalWish {
  readonly journalId: string;
  readonly reason: string;
  readonly idempotencyKey: string;
  readonly fingerprint: string;
}

/**
 * Asks that a journal be taken back; a second person decides, and nothing is booked before. The same key is the same question.
 * Fails with `transfer-not-found`, `not-reversible`, `already-reversed` or `own-account`, and with `approval-pending` while the
 * same waits; all else is decided when it is booked.
 */
export async function askForReversal(
  shards: Shards,
  desk: ApprovalDesk,
  actor: { readonly subject: string; readonly roles: readonly string[]; readonly traceId: string },
  { journalId, reason, idempotencyKey, fingerprint }: ReversalWish,
): Promise<Result<Approval, LedgerFailure | AskFailure>> {
  // Approvals lie in the shard of what they are about; all uses of a key meet where its caller is at home.
  const named = { scope: `${actor.subject} reverseTransfer`, key: idempotencyKey, fingerprint };
  if ((await claimKeys(shards, actor.subject, [named])).size > 0) return fail(KEY_REUSED);
  const journal = await findJournal(shards.ofId(journalId).db, journalId);
  if (journal === undefined) return fail({ code: 'transfer-not-found', detail: 'There is no such transfer.' });
  const { amountMinor, currency, reference } = journal;
  const wanted = {
    action: REVERSE,
    resource: journalId,
    payload: { ...formatMoney(amountMinor, currency), reference },
    reason,
    bucket: bucketOf(journalId),
    exclusiveKey: `${REVERSE} ${journalId}`,
    requestKey: `${actor.subject} reversal ${idempotencyKey}`,
  };
  const before = await askedBefore(desk, actor, wanted);
  if (!before.ok) return before;
  if (before.value !== undefined) return ok(before.value);
  if (!isReversible(journal.kind)) {
    return fail({ code: 'not-reversible', detail: `A ${journal.kind} can not be reversed.` });
  }
  if (journal.isReversed) return fail({ code: 'already-reversed', detail: 'The transfer was already reversed.' });
  if (await isOf(shards, journal, actor.subject)) return ownAccount();
  return ask(desk, actor, wanted);
}

const KEY_REUSED = {
  code: 'idempotency-key-reused',
  detail: 'This key was used before with another request.',
} as const;

/** Whether somebody owns one of the accounts between which it went. */
async function isOf(
  shards: Shards,
  { debitAccountId, creditAccountId }: JournalRecord,
  subject: string,
): Promise<boolean> {
  const accounts = await findAccountsAnywhere(shards, [debitAccountId, creditAccountId]);
  return accounts.some((account) => isOwner(account, subject));
}

/** How a journal is taken back that two people want taken back. */
export function reversalApprovables(reversals: Reversals): ApprovalDesk['kinds'] {
  const { shards } = reversals;
  const find = (journalId: string) => findJournal(shards.ofId(journalId).db, journalId);
  return {
    [REVERSE]: {
      carryOut: (approval, settle) => takeBack(reversals, approval, settle),
      async refusal({ resource }, checker) {
        const journal = await find(resource);
        if (journal === undefined || !(await isOf(shards, journal, checker))) return undefined;
        return { code: 'own-account', detail: 'Nobody decides about an account of their own.' };
      },
      async current({ resource }) {
        const journal = await find(resource);
        return journal === undefined ? {} : { isReversed: journal.isReversed ? 'yes' : 'no' };
      },
    },
  };
}

/** As whoever asked, under a key of the approval's own. What is on its way between two shards stays approved until it ends. */
async function takeBack(
  reversals: Reversals,
  { id, resource: journalId, reason, maker, makerRoles, traceId, checker, fingerprint }: Approval,
  settle: Parameters<Approvable['carryOut']>[1],
): Promise<Result<unknown, ApprovalFailure>> {
  const outcome = await reverseJournal(reversals, {
    journalId,
    actor: { subject: maker, roles: makerRoles, traceId },
    reason,
    force: false,
    secondPerson: checker,
    scope: `${maker} approved-reversal`,
    key: id,
    fingerprint,
    present: (result) => (result.ok ? answer(201, {}) : refused(result.failure)),
    presentCrossing: (state) => {
      if (state.status === 'refused') return refused(state.failure);
      return answer(state.status === 'pending' ? 202 : 201, { id: state.reversal.reversalId });
    },
  });
  if (outcome.kind !== 'answered') throw new Fault(outcome.kind, 'the account is busy', { retryable: true });
  if (outcome.status >= 400) return fail(JSON.parse(outcome.body) as ApprovalFailure);
  // A crash before this is no harm: the key finds that it is booked.
  if (outcome.status === 201) await reversals.shards.ofId(journalId).db.transaction(settle);
  return ok(null);
}

function answer(status: number, body: object): Answer {
  return { status, body: JSON.stringify(body), isFinal: true };
}

function refused({ code, detail }: ApprovalFailure): Answer {
  return answer(422, { code, detail });
}
