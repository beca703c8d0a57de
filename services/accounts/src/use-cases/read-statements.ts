import type { Logger } from '@florin/observability';
import { Fault, fail, ok, type Result } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import { type Actor, mayRead } from '../domain/actor.ts';
import { type AccountFailure, NOT_FOUND } from '../domain/failures.ts';
import type { HistoryLine } from '../domain/history.ts';
import { firstDay, type Month, monthOf, nextMonth } from '../domain/month.ts';
import { overAtMs, type Statement } from '../domain/statement.ts';
import { findAccount } from '../repositories/accounts.ts';
import { findStatement, findStatements } from '../repositories/statements.ts';
import { type FreezeDeps, type Frozen, freezeStatements } from './freeze-statements.ts';
import { proveLines, provenLines } from './statement-lines.ts';

export interface StatementDeps extends FreezeDeps {
  readonly logger: Logger;
}

/** Up to here a caller is told to come back in so many seconds; beyond, from which day on. */
const WORTH_WAITING_MS = 120_000;

const NO_STATEMENT: AccountFailure = {
  code: 'statement-not-found',
  detail: 'The account has no statement of this month.',
};

export interface StatementPage {
  readonly statements: readonly Statement[];
  /** Where the next page goes on, below this sequence number; null on the last one. */
  readonly next: number | null;
}

/**
 * The statements of an account, newest first. Months that are over are frozen first; while the ledger is away the
 * statements that are there are answered all the same. Fails with `account-not-found`.
 */
export async function listStatements(
  deps: StatementDeps,
  actor: Actor,
  request: { readonly accountId: string; readonly before?: number; readonly limit: number },
): Promise<Result<StatementPage, AccountFailure>> {
  const account = await findReadable(deps, actor, request.accountId);
  if (account === undefined) return fail(NOT_FOUND);
  // Later pages are of statements that the first one has made.
  if (request.before === undefined && account.status !== 'opening') await freezeIfPossible(deps, account);
  const { limit, before = Number.MAX_SAFE_INTEGER } = request;
  const found = await findStatements(deps.db, account.id, { before, limit: limit + 1 });
  const statements = found.slice(0, limit);
  return ok({ statements, next: found.length > limit ? (statements.at(-1)?.sequence ?? null) : null });
}

async function freezeIfPossible(deps: StatementDeps, account: Account): Promise<void> {
  try {
    await freezeStatements(deps, account);
  } catch (error) {
    if (!(error instanceof Fault) || !error.retryable) throw error;
    deps.logger.warn({ err: error, accountId: account.id }, 'statements are listed without those still to be made');
  }
}

/**
 * The statement of one month, made now if the month is over and it was not yet. Fails with `account-not-found`, with
 * `statement-not-found` for a month before the opening, after the closing or in the future, and with
 * `statement-not-ready` for the current month and while its end is too near.
 */
export async function readStatement(
  deps: FreezeDeps,
  actor: Actor,
  accountId: string,
  period: Month,
): Promise<Result<Statement, AccountFailure>> {
  const account = await findReadable(deps, actor, accountId);
  if (account === undefined) return fail(NOT_FOUND);
  const known = await findStatement(deps.db, accountId, period);
  if (known !== undefined) return ok(known);
  if (account.status === 'opening' || period < monthOf(account.openedAtMs)) return fail(NO_STATEMENT);
  const frozen = await freezeStatements(deps, account);
  const made = await findStatement(deps.db, accountId, period);
  return made === undefined ? fail(whyMissing(period, frozen)) : ok(made);
}

/** The lines of a statement, proven to be those that were frozen; see `provenLines`. */
export async function readStatementLines(
  deps: Pick<FreezeDeps, 'db'>,
  statement: Statement,
): Promise<AsyncGenerator<readonly HistoryLine[]>> {
  await proveLines(deps.db, statement);
  return provenLines(deps.db, statement);
}

function whyMissing(period: Month, { asOfMs, lastPeriod }: Frozen): AccountFailure {
  if (period > (lastPeriod ?? monthOf(asOfMs))) return NO_STATEMENT;
  const waitMs = overAtMs(period) - asOfMs;
  if (waitMs > WORTH_WAITING_MS) {
    const detail = `The statement of ${period} will be there from ${firstDay(nextMonth(period))} on.`;
    return { code: 'statement-not-ready', detail };
  }
  return {
    code: 'statement-not-ready',
    detail: `The statement of ${period} is being made. Try again shortly.`,
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)),
  };
}

async function findReadable({ db }: FreezeDeps, actor: Actor, accountId: string): Promise<Account | undefined> {
  const account = await findAccount(db, accountId);
  return account !== undefined && mayRead(account.owners, actor) ? account : undefined;
}
