import type { Executor, Session, Statement } from '@florin/postgres';
import { startStatements } from '@florin/saga';
import type { Account } from '../domain/account.ts';
import type { Hold } from '../domain/hold.ts';
import type { Journal } from '../domain/journal.ts';
import type { Decision, LedgerDraft } from '../domain/ledger-view.ts';
import { isSystemAccount, systemAccountCode } from '../domain/system-account.ts';
import { insertAccount, replaceAccount, updateAccounts } from '../repositories/accounts.ts';
import { insertCommands } from '../repositories/commands.ts';
import { insertChallenge, markUsed, putExempted } from '../repositories/confirmations.ts';
import { putHolds } from '../repositories/holds.ts';
import { insertJournals, insertPostings, insertRefusedReversal } from '../repositories/journals.ts';
import { deleteReversalClaims, insertReversalClaims } from '../repositories/reversal-claims.ts';
import { insertSystemAccounts } from '../repositories/system-accounts.ts';
import type { Written } from './submission.ts';

/** Whether there is anything to write at all; a batch of replays and unknown accounts has nothing. */
export function hasEffect(written: Written): boolean {
  const isNoted = written.refusedReversal !== undefined || written.approvalNote !== undefined;
  return written.commands.length > 0 || written.decisions.length > 0 || isNoted;
}

/**
 * The second round trip: everything a batch changed, set by set, and the commit. The statements go down without
 * waiting for one another; if one fails, the commit answers ROLLBACK and nothing of the batch happened.
 */
export async function writeBatch(
  session: Session,
  written: readonly Written[],
  draft: LedgerDraft,
  outbox: Statement | null,
): Promise<void> {
  await Promise.all([...writeRows(session, written, draft, outbox), session.commit()]);
}

/** Everything that was decided, as statements under way in an open transaction. */
export function writeRows(
  session: Executor,
  written: readonly Written[],
  draft: LedgerDraft,
  outbox: Statement | null,
): Promise<unknown>[] {
  const decisions = written.flatMap((item) => item.decisions);
  const journals = decisions.flatMap((decision) => decision.journals);
  const commands = written.flatMap((item) => item.commands);
  const holds = lastOf(decisions.flatMap((decision) => decision.hold ?? []));
  const { moved, instructed } = changedAccounts(decisions, draft);
  const statements: Promise<unknown>[] = [];
  if (moved.length > 0) statements.push(updateAccounts(session, moved));
  for (const account of instructed) {
    const write = draft.isLoaded(account.id) ? replaceAccount : insertAccount;
    statements.push(write(session, account));
  }
  if (holds.length > 0) statements.push(putHolds(session, holds));
  if (journals.length > 0) statements.push(...insertBooks(session, journals));
  statements.push(...writeClaims(session, decisions));
  statements.push(...writeApprovals(session, written));
  for (const item of written) {
    if (item.refusedReversal !== undefined) statements.push(insertRefusedReversal(session, item.refusedReversal));
  }
  if (commands.length > 0) statements.push(insertCommands(session, commands));
  for (const start of startStatements(written.flatMap(({ sagas = [] }) => sagas))) {
    statements.push(session.execute(start));
  }
  if (outbox !== null) statements.push(session.execute(outbox));
  return statements;
}

function insertBooks(session: Executor, journals: readonly Journal[]): Promise<unknown>[] {
  // In the order they were decided: the posting ids of an account then follow its versions.
  const statements: Promise<unknown>[] = [insertJournals(session, journals), insertPostings(session, journals)];
  const systemAccounts = new Map<string, { id: string; code: string; currency: string }>();
  for (const journal of journals) {
    for (const { accountId } of journal.postings) {
      if (!isSystemAccount(accountId) || systemAccounts.has(accountId)) continue;
      systemAccounts.set(accountId, {
        id: accountId,
        code: systemAccountCode(accountId),
        currency: journal.currency,
      });
    }
  }
  if (systemAccounts.size > 0) statements.push(insertSystemAccounts(session, [...systemAccounts.values()]));
  return statements;
}

/** What payments used up of confirmations and exemptions, and what payers are asked now. */
function writeApprovals(session: Executor, written: readonly Written[]): Promise<unknown>[] {
  const statements: Promise<unknown>[] = [];
  const changes = written.flatMap(({ decisions }) => decisions.flatMap(({ approval }) => approval ?? []));
  const used = changes.flatMap((change) => change.used?.confirmationId ?? []);
  if (used.length > 0) statements.push(markUsed(session, used));
  if (changes.some(({ exempted }) => exempted !== null)) statements.push(putExempted(session, changes));
  for (const { approvalNote } of written) {
    if (approvalNote?.kind === 'asked') statements.push(insertChallenge(session, approvalNote.challenge));
  }
  return statements;
}

/** Claims that are given up make room for the next ones of the same batch. */
function writeClaims(session: Executor, decisions: readonly Decision[]): Promise<unknown>[] {
  const claims = decisions.flatMap(({ claim }) => claim ?? []);
  if (claims.length === 0) return [];
  const last = [...new Map(claims.map((claim) => [claim.journalId, claim])).values()];
  return [
    deleteReversalClaims(
      session,
      claims.filter(({ isGivenUp }) => isGivenUp),
    ),
    insertReversalClaims(
      session,
      last.filter(({ isGivenUp }) => !isGivenUp),
    ),
  ];
}

/** The last state of every account that changed: its money only, or, rarely, what is in force for it as well. */
function changedAccounts(decisions: readonly Decision[], draft: LedgerDraft) {
  const moved = new Map<string, Account>();
  const instructed = new Map<string, Account>();
  for (const decision of decisions) {
    for (const { id } of decision.accounts) {
      const account = draft.account(id);
      if (account === undefined) continue;
      const isInstruction = decision.journals.length === 0 && decision.hold === null;
      if (isInstruction) instructed.set(id, account);
      else moved.set(id, account);
    }
  }
  for (const id of instructed.keys()) moved.delete(id);
  return { moved: [...moved.values()].sort(byId), instructed: [...instructed.values()] };
}

function byId(a: Account, b: Account): number {
  return a.id < b.id ? -1 : 1;
}

function lastOf(holds: readonly Hold[]): Hold[] {
  return [...new Map(holds.map((hold) => [hold.id, hold])).values()];
}
