import { createHash } from 'node:crypto';
import type { Executor } from '@florin/postgres';
import { invariant } from '@florin/primitives';
import type { HistoryLine } from '../domain/history.ts';
import {
  addLine,
  canonicalLine,
  noTotals,
  type Statement,
  type StatementStart,
  type Totals,
  type VersionRange,
} from '../domain/statement.ts';
import { findLinesAfter } from '../repositories/statements.ts';

/** Lines held in memory at a time, whatever the size of a month: about a third of a megabyte. */
const LINES_PER_READ = 1_000;

/** Adds up the lines of a statement that is being made, and takes their digest. */
export async function tallyLines(
  db: Executor,
  start: StatementStart,
  lastVersion: number,
): Promise<Totals & { readonly linesSha256: string }> {
  const hash = createHash('sha256');
  let totals = noTotals(start.openingMinor);
  const range = { firstVersion: start.firstVersion, lastVersion };
  for await (const lines of readLines(db, start.accountId, range)) {
    for (const line of lines) {
      totals = addLine(totals, line);
      hash.update(canonicalLine(line));
    }
  }
  return { ...totals, linesSha256: hash.digest('hex') };
}

/**
 * The lines of a statement, oldest first, a bounded number at a time. They are held against the digest before the last
 * of them is given away: lines that are not those which were frozen are a broken invariant.
 */
export async function* provenLines(db: Executor, statement: Statement): AsyncGenerator<readonly HistoryLine[]> {
  const hash = createHash('sha256');
  let count = 0;
  for await (const lines of readLines(db, statement.accountId, statement)) {
    for (const line of lines) hash.update(canonicalLine(line));
    count += lines.length;
    if (count >= statement.lineCount) assertProven(statement, hash.copy().digest('hex'));
    yield lines;
  }
  invariant(count === statement.lineCount, `statement ${nameOf(statement)} has lost lines`);
}

/** Reads a statement through once, for answers that can not be taken back once they have begun. */
export async function proveLines(db: Executor, statement: Statement): Promise<void> {
  // What fits into one read is proven before it is given away.
  if (statement.lineCount <= LINES_PER_READ) return;
  for await (const lines of provenLines(db, statement)) invariant(lines.length > 0, 'a read is never empty');
}

function assertProven(statement: Statement, digest: string): void {
  invariant(digest === statement.linesSha256, `statement ${nameOf(statement)} is not what was frozen`);
}

function nameOf({ accountId, period }: Statement): string {
  return `${period} of ${accountId}`;
}

async function* readLines(
  db: Executor,
  accountId: string,
  range: VersionRange,
): AsyncGenerator<readonly HistoryLine[]> {
  let after = { version: range.firstVersion, line: -1 };
  for (;;) {
    const lines = await findLinesAfter(db, accountId, range, after, LINES_PER_READ);
    const last = lines.at(-1);
    if (last !== undefined) yield lines;
    if (last === undefined || lines.length < LINES_PER_READ) return;
    after = { version: last.version, line: last.line };
  }
}
