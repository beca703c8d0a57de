import { isDataError, isTransactionConflict, isUniqueViolation, type Session, type Statement } from '@florin/postgres';
import type { Account } from '../domain/account.ts';
import type { AuditNote } from '../domain/audit-note.ts';
import { type Context, type Decision, LedgerDraft, type LedgerView } from '../domain/ledger-view.ts';
import { findExistingAccounts, lockFreeAccounts } from '../repositories/accounts.ts';
import { findCommands } from '../repositories/commands.ts';
import { findConfirmations, findExempted } from '../repositories/confirmations.ts';
import { loadHolds } from '../repositories/holds.ts';
import { loadJournalFacts } from '../repositories/journals.ts';
import { inTheirTraces, type Traces } from './batch-traces.ts';
import type { LedgerMeasures } from './ledger-measures.ts';
import { type ApprovalLookup, type ApprovalNote, KnownCommands, type Outcome, type Written } from './submission.ts';
import type { Waiting } from './waiting.ts';
import { hasEffect, writeBatch } from './write-batch.ts';

export type Outbox = (
  decisions: readonly Decision[],
  view: LedgerView,
  context: Context,
  notes: readonly AuditNote[],
  approvals?: readonly ApprovalNote[],
  traces?: Traces,
) => Statement | null;

export interface BatchDeps {
  /** The moment and business date a batch is booked at. */
  readonly context: () => Context;
  /** The outbox row for what a batch changed; null when nobody needs to know. */
  readonly outbox: Outbox;
  /** Called after a commit, so that the relay looks at once. */
  readonly committed: () => void;
  readonly measures: LedgerMeasures;
}

interface Busy {
  readonly waiting: Waiting;
  readonly accountId: string;
}

interface Decided {
  readonly waiting: Waiting;
  readonly outcome: Outcome;
  readonly written: Written | null;
}

/** A deadlock or a serialisation failure is nobody's fault and worth another try, a few times. */
const RETRIES_MAX = 3;

/**
 * Books a batch in one database transaction of two round trips: lock and read, then write and commit. It never
 * waits for a row; what is locked by somebody else is answered as busy, for the caller to park. One submission that
 * the database refuses is found by halving and fails alone. Throws what concerns the whole batch.
 */
export async function runBatch(deps: BatchDeps, session: Session, batch: readonly Waiting[]): Promise<Busy[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptBatch(deps, session, batch);
    } catch (error) {
      const isCollision = isUniqueViolation(error);
      if (!isDataError(error) && !isCollision) throw error;
      // A key or an account that another instance wrote a moment ago: read again, it will be found.
      const isWorthRetrying = isCollision && batch.length === 1 && attempt <= RETRIES_MAX;
      if (isWorthRetrying) continue;
      const [alone] = batch;
      if (batch.length === 1 && alone !== undefined) {
        alone.reject(error);
        return [];
      }
      const middle = batch.length >> 1;
      const first = await runBatch(deps, session, batch.slice(0, middle));
      return [...first, ...(await runBatch(deps, session, batch.slice(middle)))];
    }
  }
}

async function attemptBatch(deps: BatchDeps, session: Session, batch: readonly Waiting[]): Promise<Busy[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await bookBatch(deps, session, batch);
    } catch (error) {
      if (!isTransactionConflict(error) || attempt > RETRIES_MAX) throw error;
    }
  }
}

async function bookBatch(deps: BatchDeps, session: Session, batch: readonly Waiting[]): Promise<Busy[]> {
  try {
    return await bookInTransaction(deps, session, batch);
  } catch (error) {
    // Whatever was thrown, also by our own code half way through: the next batch must not continue this transaction.
    await session.rollback();
    throw error;
  }
}

async function bookInTransaction(deps: BatchDeps, session: Session, batch: readonly Waiting[]): Promise<Busy[]> {
  const loaded = await loadBatch(session, batch);
  const context = deps.context();
  const { decided, busy } = decideBatch(loaded, batch, context);
  const written = decided.flatMap((item) => item.written ?? []);
  if (!written.some(hasEffect)) {
    await session.rollback();
  } else {
    const decisions = written.flatMap((item) => item.decisions);
    const notes = written.flatMap((item) => item.notes ?? []);
    const approvals = written.flatMap((item) => item.approvalNote ?? []);
    const outbox = inTheirTraces(decided, (traces) =>
      deps.outbox(decisions, loaded.draft, context, notes, approvals, traces),
    );
    await writeBatch(session, written, loaded.draft, outbox);
    deps.committed();
    deps.measures.committed(decisions.flatMap((decision) => decision.journals));
  }
  for (const { waiting, outcome } of decided) waiting.resolve(outcome);
  return busy;
}

interface Loaded {
  readonly draft: LedgerDraft;
  readonly known: KnownCommands;
  /** Accounts that exist but were not locked, because somebody else has them. */
  readonly busyAccounts: ReadonlySet<string>;
}

/** The first round trip: begin, lock what is free, and read the keys, holds and journals under those locks. */
async function loadBatch(session: Session, batch: readonly Waiting[]): Promise<Loaded> {
  const submissions = batch.map((waiting) => waiting.submission);
  const ids = [...new Set(submissions.flatMap((submission) => submission.accountIds))];
  const keys = submissions.flatMap((submission) => submission.keys);
  const holdIds = submissions.flatMap((submission) => submission.holdIds);
  const journalIds = submissions.flatMap((submission) => submission.journalIds);
  const approvals = submissions.flatMap((submission) => submission.approvals ?? []);
  // Issued together, executed in order: the keys are read after the locks are held, so a key that another
  // instance committed while it held our account is seen.
  const [, accounts, records, holds, journals, exempted, confirmations] = await Promise.all([
    session.begin(),
    lockFreeAccounts(session, ids),
    findCommands(session, keys),
    holdIds.length === 0 ? [] : loadHolds(session, holdIds),
    journalIds.length === 0 ? [] : loadJournalFacts(session, journalIds),
    approvals.length === 0 ? [] : findExempted(session, approvals),
    approvals.length === 0 ? [] : findConfirmations(session, confirmationIds(approvals)),
  ]);
  return {
    draft: new LedgerDraft({ accounts, holds, journals, exempted, confirmations }),
    known: new KnownCommands(records),
    busyAccounts: await findBusy(session, ids, accounts),
  };
}

function confirmationIds(approvals: readonly ApprovalLookup[]): string[] {
  return approvals.flatMap(({ confirmationId }) => confirmationId ?? []);
}

async function findBusy(session: Session, ids: readonly string[], locked: readonly Account[]): Promise<Set<string>> {
  if (locked.length === ids.length) return new Set();
  const lockedIds = new Set(locked.map((account) => account.id));
  return findExistingAccounts(
    session,
    ids.filter((id) => !lockedIds.has(id)),
  );
}

/** Decides one after the other, each over what the ones before left. Known keys need no account. */
function decideBatch(loaded: Loaded, batch: readonly Waiting[], context: Context) {
  const decided: Decided[] = [];
  const busy: Busy[] = [];
  for (const waiting of batch) {
    const { submission } = waiting;
    const replayed = submission.replay(loaded.known);
    if (replayed !== null) {
      decided.push({ waiting, outcome: replayed, written: null });
      continue;
    }
    const accountId = submission.accountIds.find((id) => loaded.busyAccounts.has(id));
    if (accountId === undefined) decided.push({ waiting, ...submission.decide(loaded.draft, loaded.known, context) });
    else busy.push({ waiting, accountId });
  }
  return { decided, busy };
}
