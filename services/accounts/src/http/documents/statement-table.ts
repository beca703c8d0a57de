import type { Statement } from '../../domain/statement.ts';
import { PAGE, type Sheet, type Style } from './pdf-sheet.ts';
import { COLORS } from './statement-colors.ts';
import { showAmount } from './statement-words.ts';

/** A booking as the texts of its cells. */
export interface Cells {
  readonly date: string;
  readonly valueDate: string;
  readonly name: string;
  readonly iban: string;
  readonly reference: string;
  readonly kind: string;
  readonly amount: string;
  readonly isCredit: boolean;
  readonly balance: string;
}

/** A booking with its texts broken into the lines of their columns. */
export interface Row extends Omit<Cells, 'name' | 'reference'> {
  readonly name: readonly string[];
  readonly reference: readonly string[];
  readonly height: number;
}

const COLUMNS = {
  date: { x: PAGE.left },
  valueDate: { x: PAGE.left + 53 },
  party: { x: PAGE.left + 106, width: 124 },
  reference: { x: PAGE.left + 238, width: 117 },
  amount: { right: PAGE.left + 432, width: 70 },
  balance: { right: PAGE.right, width: 73 },
} as const;

const LINE = 9.6;
const PADDING = 4.2;
/** Heights: of the heads of the columns, of a row with a balance, and of what stays free above the foot of a page. */
export const ROW = { head: 19, balance: 20, foot: 14 } as const;

const CELL: Style = { font: 'regular', size: 7.4, color: COLORS.ink };
const NAME: Style = { ...CELL, font: 'bold' };
const CREDIT: Style = { ...CELL, color: COLORS.credit };
const SMALL: Style = { ...CELL, size: 6.6, color: COLORS.faded };
const HEAD: Style = { font: 'bold', size: 6.8, color: COLORS.faded };
const BALANCE: Style = { font: 'bold', size: 7.8, color: COLORS.ink };

export function measure(sheet: Sheet, cells: Cells): Row {
  const name = sheet.wrap(cells.name, COLUMNS.party.width, NAME);
  const reference = sheet.wrap(cells.reference, COLUMNS.reference.width, CELL);
  const lines = Math.max(1, name.length + count(cells.iban), reference.length + count(cells.kind));
  return { ...cells, name, reference, height: lines * LINE + 2 * PADDING };
}

function count(text: string): number {
  return text === '' ? 0 : 1;
}

/** Draws the heads of the columns; answers where the rows begin, as all of these do. */
export function drawTableHead(sheet: Sheet, y: number): number {
  sheet.text('Date', COLUMNS.date.x, y + 5, HEAD);
  sheet.text('Value date', COLUMNS.valueDate.x, y + 5, HEAD);
  sheet.text('Counterparty', COLUMNS.party.x, y + 5, HEAD);
  sheet.text('Reference', COLUMNS.reference.x, y + 5, HEAD);
  sheet.textRight('Amount', COLUMNS.amount.right, y + 5, COLUMNS.amount.width, HEAD);
  sheet.textRight('Balance', COLUMNS.balance.right, y + 5, COLUMNS.balance.width, HEAD);
  sheet.rule(PAGE.left, y + ROW.head - 0.5, PAGE.right - PAGE.left, COLORS.ink);
  return y + ROW.head;
}

export function drawRow(sheet: Sheet, y: number, row: Row): number {
  const top = y + PADDING;
  sheet.text(row.date, COLUMNS.date.x, top, CELL);
  sheet.text(row.valueDate, COLUMNS.valueDate.x, top, CELL);
  drawStack(sheet, COLUMNS.party.x, top, { lines: row.name, style: NAME, note: row.iban });
  drawStack(sheet, COLUMNS.reference.x, top, { lines: row.reference, style: CELL, note: row.kind });
  sheet.textRight(row.amount, COLUMNS.amount.right, top, COLUMNS.amount.width, row.isCredit ? CREDIT : CELL);
  sheet.textRight(row.balance, COLUMNS.balance.right, top, COLUMNS.balance.width, CELL);
  sheet.rule(PAGE.left, y + row.height - 0.5, PAGE.right - PAGE.left, COLORS.line);
  return y + row.height;
}

/** Lines under each other, and a note in small letters below them. */
function drawStack(
  sheet: Sheet,
  x: number,
  top: number,
  { lines, style, note }: { readonly lines: readonly string[]; readonly style: Style; readonly note: string },
): void {
  for (const [index, line] of lines.entries()) sheet.text(line, x, top + index * LINE, style);
  if (note !== '') sheet.text(note, x, top + lines.length * LINE + 0.4, SMALL);
}

export function drawOpeningRow(sheet: Sheet, y: number, { openingMinor, currency }: Statement): number {
  return drawBalanceRow(sheet, y, 'Opening balance', showAmount(openingMinor, currency));
}

export function drawClosingRow(sheet: Sheet, y: number, { closingMinor, currency, lineCount }: Statement): number {
  const note = lineCount === 0 ? 'Closing balance; nothing was booked in this month' : 'Closing balance';
  return drawBalanceRow(sheet, y, note, showAmount(closingMinor, currency));
}

function drawBalanceRow(sheet: Sheet, y: number, name: string, balance: string): number {
  sheet.text(name, COLUMNS.date.x, y + 5.4, BALANCE);
  sheet.textRight(balance, COLUMNS.balance.right, y + 5.4, COLUMNS.balance.width + 40, BALANCE);
  sheet.rule(PAGE.left, y + ROW.balance - 0.5, PAGE.right - PAGE.left, COLORS.line);
  return y + ROW.balance;
}
