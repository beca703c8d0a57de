import type { HistoryLine } from '../../domain/history.ts';
import type { Statement } from '../../domain/statement.ts';
import { BANK_NAME } from './bank-name.ts';
import { openSheet, PAGE, type Sheet } from './pdf-sheet.ts';
import { groupedIban, printable } from './printable.ts';
import { drawFooter, drawFrontPage, drawHeading, FRONT_TABLE_TOP, TABLE_TOP } from './statement-page.ts';
import {
  type Cells,
  drawClosingRow,
  drawOpeningRow,
  drawRow,
  drawTableHead,
  measure,
  ROW,
  type Row,
} from './statement-table.ts';
import { monthName, showAmount, showDate } from './statement-words.ts';

/** A statement being set: lines are added in their order, then it is finished once. */
export interface StatementPdf {
  add(lines: readonly HistoryLine[]): void;
  finish(): Promise<Uint8Array>;
}

/** A statement as PDF. The same statement always makes the same bytes. */
export function statementPdf(statement: Statement): StatementPdf {
  const sheet = openSheet({
    title: `${BANK_NAME} statement ${monthName(statement.period)}, ${groupedIban(statement.iban)}`,
    author: BANK_NAME,
    createdAt: new Date(statement.frozenAtMs),
  });
  const rows: Row[] = [];
  return {
    add(lines) {
      for (const line of lines) rows.push(measure(sheet, cellsOf(line, statement.currency)));
    },
    async finish() {
      const pages = paginate(rows);
      for (const [index, pageRows] of pages.entries()) {
        drawPage(sheet, statement, pageRows, { number: index + 1, of: pages.length });
      }
      return sheet.finish();
    },
  };
}

/** What a booking that is no transfer is called. */
const KINDS: Readonly<Record<string, string>> = {
  deposit: 'Cash deposit',
  withdrawal: 'Cash withdrawal',
  fee: 'Fee',
  reversal: 'Reversal',
};

function cellsOf(line: HistoryLine, currency: string): Cells {
  return {
    date: showDate(new Date(line.bookedAtMs).toISOString().slice(0, 10)),
    valueDate: showDate(line.valueDate),
    name: printable(line.counterpartyName ?? ''),
    iban: groupedIban(line.counterpartyIban ?? ''),
    reference: printable(line.reference),
    kind: KINDS[line.kind] ?? '',
    amount: showAmount(line.amountMinor, currency, 'signed'),
    isCredit: line.amountMinor > 0n,
    balance: showAmount(line.balanceAfterMinor, currency),
  };
}

/** Rows page by page. The opening balance is on the first page, the closing balance behind the last row. */
function paginate(rows: readonly Row[]): Row[][] {
  let page: Row[] = [];
  const pages = [page];
  let y = FRONT_TABLE_TOP + ROW.head + ROW.balance;
  const startPage = (): void => {
    page = [];
    pages.push(page);
    y = TABLE_TOP + ROW.head;
  };
  for (const row of rows) {
    if (y + row.height > PAGE.bottom - ROW.foot) startPage();
    page.push(row);
    y += row.height;
  }
  if (y + ROW.balance > PAGE.bottom - ROW.foot) startPage();
  return pages;
}

function drawPage(
  sheet: Sheet,
  statement: Statement,
  rows: readonly Row[],
  page: { readonly number: number; readonly of: number },
): void {
  sheet.newPage();
  const isFirst = page.number === 1;
  if (isFirst) drawFrontPage(sheet, statement);
  else drawHeading(sheet, statement);
  let y = isFirst ? FRONT_TABLE_TOP : TABLE_TOP;
  y = drawTableHead(sheet, y);
  if (isFirst) y = drawOpeningRow(sheet, y, statement);
  for (const row of rows) y = drawRow(sheet, y, row);
  if (page.number === page.of) drawClosingRow(sheet, y, statement);
  drawFooter(sheet, statement, page);
}
