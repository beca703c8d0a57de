import { invariant } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import { endOfMonthMs, type Month, monthOf } from '../domain/month.ts';
import { closeStatement, overAtMs, type Statement, type StatementStart, startAfter } from '../domain/statement.ts';
import {
  findFollowed,
  findStatement,
  findStatements,
  findVersionAt,
  insertStatement,
} from '../repositories/statements.ts';
import type { Deps } from './ports.ts';
import { tallyLines } from './statement-lines.ts';

export type FreezeDeps = Pick<Deps, 'db' | 'ledger'>;

/** One request freezes at most two years of months, and begins no further one once it has read this many lines. */
const MONTHS_MAX = 24;
const LINES_MAX = 50_000;

/** How far the statements of an account have come. */
export interface Frozen {
  /** The bank's time when the ledger was asked. */
  readonly asOfMs: number;
  /** The month the account was closed in; no statement follows it. */
  readonly lastPeriod: Month | undefined;
  /** Whether months that are over still wait: for the read model to follow the ledger, or for the next request. */
  readonly isBehind: boolean;
}

/**
 * Makes the statements of every month that is over and has none, oldest first. A month is cut where its last booking
 * is, and only when nothing more can be booked in it: the ledger says what time it is at the bank and which version the
 * account has, and the read model must have got there. Safe to run side by side: each statement is written once, and
 * whoever comes second takes the one that is there. An account the ledger does not have has no statement.
 */
export async function freezeStatements(deps: FreezeDeps, account: Account): Promise<Frozen> {
  const { db } = deps;
  const ledgerBalance = await deps.ledger.balance(account.id);
  invariant(ledgerBalance, 'the ledger does not have an account that is open');
  const { asOfMs } = ledgerBalance;
  const followed = await findFollowed(db, account.id);
  const lastPeriod = followed.closedAtMs === undefined ? undefined : monthOf(followed.closedAtMs);
  const isDue = ({ period }: StatementStart) =>
    overAtMs(period) <= asOfMs && (lastPeriod === undefined || period <= lastPeriod);

  let [last] = await findStatements(db, account.id, { before: Number.MAX_SAFE_INTEGER, limit: 1 });
  let next = startAfter(account, last);
  if (!isDue(next)) return { asOfMs, lastPeriod, isBehind: false };
  if (followed.version < ledgerBalance.version) return { asOfMs, lastPeriod, isBehind: true };
  let lineCount = 0;
  for (let months = 0; months < MONTHS_MAX && lineCount < LINES_MAX && isDue(next); months += 1) {
    last = await freeze(deps, account, next, asOfMs);
    lineCount += last.lineCount;
    next = startAfter(account, last);
  }
  return { asOfMs, lastPeriod, isBehind: isDue(next) };
}

async function freeze({ db }: FreezeDeps, account: Account, start: StatementStart, asOfMs: number): Promise<Statement> {
  const lastVersion = Math.max(
    (await findVersionAt(db, account.id, endOfMonthMs(start.period))) - 1,
    start.firstVersion - 1,
  );
  const lines = await tallyLines(db, start, lastVersion);
  await insertStatement(db, closeStatement(start, account, { ...lines, lastVersion }, asOfMs));
  const statement = await findStatement(db, account.id, start.period);
  invariant(statement, 'a statement that was written is there');
  return statement;
}
