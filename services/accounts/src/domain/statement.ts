import { type IsoDate, invariant, utcDate } from '@florin/primitives';
import type { Account } from './account.ts';
import type { HistoryLine } from './history.ts';
import { endOfMonthMs, firstDay, lastDay, type Month, monthOf, nextMonth } from './month.ts';

/** A stretch of an account's history; empty when the last version is one less than the first. */
export interface VersionRange {
  readonly firstVersion: number;
  readonly lastVersion: number;
}

/** A month of an account as it was put on paper. It never changes, whatever becomes of the account. */
export interface Statement extends VersionRange {
  readonly accountId: string;
  readonly period: Month;
  /** Counts from 1, without a gap. */
  readonly sequence: number;
  /** The day of opening on the first statement, else the first of the month. */
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly openingMinor: bigint;
  readonly closingMinor: bigint;
  /** What came in, and what went out: both without a sign. */
  readonly creditsMinor: bigint;
  readonly debitsMinor: bigint;
  readonly lineCount: number;
  readonly creditCount: number;
  readonly iban: string;
  readonly holderName: string;
  readonly accountName: string;
  readonly currency: string;
  /** Of the canonical text of the lines, in hexadecimal. */
  readonly linesSha256: string;
  /** By the business clock. */
  readonly frozenAtMs: number;
}

/** What is known of a statement before its lines are read. */
export type StatementStart = Pick<
  Statement,
  'accountId' | 'period' | 'sequence' | 'from' | 'to' | 'firstVersion' | 'openingMinor'
>;

/**
 * How long after its end a month is surely over: a line is booked at the moment its batch was decided and seen when it
 * committed, a few seconds later at most, and the clocks of several instances differ by less than the rest.
 */
const CLOCK_MARGIN_MS = 60_000;

/** From this moment on, by the business clock, nothing more can be booked in the month. */
export function overAtMs(month: Month): number {
  return endOfMonthMs(month) + CLOCK_MARGIN_MS;
}

/** The statement that follows the last one, or the first of an account. */
export function startAfter(account: Pick<Account, 'id' | 'openedAtMs'>, last: Statement | undefined): StatementStart {
  const accountId = account.id;
  if (last === undefined) {
    const period = monthOf(account.openedAtMs);
    const from = utcDate(account.openedAtMs);
    return { accountId, period, sequence: 1, from, to: lastDay(period), firstVersion: 1, openingMinor: 0n };
  }
  const period = nextMonth(last.period);
  return {
    accountId,
    period,
    sequence: last.sequence + 1,
    from: firstDay(period),
    to: lastDay(period),
    firstVersion: last.lastVersion + 1,
    openingMinor: last.closingMinor,
  };
}

/** The lines of a statement added up. */
export interface Totals {
  readonly balanceMinor: bigint;
  readonly creditsMinor: bigint;
  readonly debitsMinor: bigint;
  readonly lineCount: number;
  readonly creditCount: number;
}

export function noTotals(openingMinor: bigint): Totals {
  return { balanceMinor: openingMinor, creditsMinor: 0n, debitsMinor: 0n, lineCount: 0, creditCount: 0 };
}

/** Adds a line. Each must go on from the balance of the one before it, or the history misses something. */
export function addLine(totals: Totals, line: HistoryLine): Totals {
  const { amountMinor } = line;
  const balanceMinor = totals.balanceMinor + amountMinor;
  invariant(line.balanceAfterMinor === balanceMinor, `the history has a hole before version ${line.version}`);
  const isCredit = amountMinor > 0n;
  return {
    balanceMinor,
    creditsMinor: totals.creditsMinor + (isCredit ? amountMinor : 0n),
    debitsMinor: totals.debitsMinor - (isCredit ? 0n : amountMinor),
    lineCount: totals.lineCount + 1,
    creditCount: totals.creditCount + (isCredit ? 1 : 0),
  };
}

/** The finished statement; its numbers must agree with each other. */
export function closeStatement(
  start: StatementStart,
  account: Pick<Account, 'iban' | 'holderName' | 'name' | 'currency'>,
  lines: Totals & { readonly lastVersion: number; readonly linesSha256: string },
  frozenAtMs: number,
): Statement {
  const { balanceMinor: closingMinor, creditsMinor, debitsMinor } = lines;
  invariant(start.openingMinor + creditsMinor - debitsMinor === closingMinor, 'a statement does not add up');
  invariant(lines.lastVersion >= start.firstVersion - 1, 'a statement ends before it begins');
  return {
    ...start,
    lastVersion: lines.lastVersion,
    closingMinor,
    creditsMinor,
    debitsMinor,
    lineCount: lines.lineCount,
    creditCount: lines.creditCount,
    iban: account.iban,
    holderName: account.holderName,
    accountName: account.name,
    currency: account.currency,
    linesSha256: lines.linesSha256,
    frozenAtMs,
  };
}

/** A line as the digest of a statement reads it: everything a statement shows, in one order, on one line. */
export function canonicalLine(line: HistoryLine): string {
  const fields = [
    line.version,
    line.line,
    line.journalId,
    line.kind,
    line.amountMinor.toString(),
    line.balanceAfterMinor.toString(),
    line.counterpartyIban,
    line.counterpartyName,
    line.reference,
    line.bookedAtMs,
    line.valueDate,
  ];
  return `${JSON.stringify(fields)}\n`;
}
