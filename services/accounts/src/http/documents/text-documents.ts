import type { HistoryLine } from '../../domain/history.ts';
import type { Statement } from '../../domain/statement.ts';
import { camtEntry, camtHead, camtTail } from './camt053.ts';
import { csvHead, csvLine } from './csv.ts';
import { jsonHead, jsonLine, jsonTail } from './statement-json.ts';

type Pages = AsyncIterable<readonly HistoryLine[]>;

/** A statement as CSV, a piece for each page of lines. */
export function statementCsv(statement: Statement, pages: Pages): AsyncGenerator<string> {
  return historyCsv(statement.currency, pages);
}

/** Any lines of one account as CSV. */
export async function* historyCsv(currency: string, pages: Pages): AsyncGenerator<string> {
  let head = csvHead();
  for await (const lines of pages) {
    yield head + lines.map((line) => csvLine(line, currency)).join('');
    head = '';
  }
  if (head !== '') yield head;
}

/** A statement as camt.053.001.08. */
export async function* statementCamt(statement: Statement, pages: Pages): AsyncGenerator<string> {
  let head = camtHead(statement);
  for await (const lines of pages) {
    yield head + lines.map((line) => camtEntry(line, statement.currency)).join('');
    head = '';
  }
  yield head + camtTail();
}

/** A statement as the API shows it. */
export async function* statementJson(statement: Statement, pages: Pages): AsyncGenerator<string> {
  let head = jsonHead(statement);
  for await (const lines of pages) {
    const isFirstPage = head !== '';
    yield head + lines.map((line, index) => jsonLine(line, statement.currency, isFirstPage && index === 0)).join('');
    head = '';
  }
  yield head + jsonTail();
}
