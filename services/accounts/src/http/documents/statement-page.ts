import type { Statement } from '../../domain/statement.ts';
import { BANK_NAME } from './bank-name.ts';
import { PAGE, type Sheet, type Style } from './pdf-sheet.ts';
import { groupedIban, printable } from './printable.ts';
import { COLORS } from './statement-colors.ts';
import { monthName, showAmount, showCurrency, showDate, showPeriod } from './statement-words.ts';

/** Where the table begins: on the first page below the summary, on the others below the heading. */
export const FRONT_TABLE_TOP = 262;
export const TABLE_TOP = 74;

const WIDTH = PAGE.right - PAGE.left;
const BRAND: Style = { font: 'bold', size: 21, color: COLORS.brand };
const SMALL_BRAND: Style = { ...BRAND, size: 11 };
const TITLE: Style = { font: 'bold', size: 12, color: COLORS.ink };
const TEXT: Style = { font: 'regular', size: 8.6, color: COLORS.ink };
const STRONG: Style = { ...TEXT, font: 'bold', size: 10.5 };
const LABEL: Style = { font: 'regular', size: 7.4, color: COLORS.faded };
const FIGURE: Style = { font: 'bold', size: 11, color: COLORS.ink };
const NOTE: Style = { font: 'regular', size: 6.8, color: COLORS.faded };

const PANEL = { top: 192, height: 46, gap: 8, padding: 9 } as const;
const HOLDER_LINES_MAX = 3;

/** The head of the first page: whose statement of which account and month it is, and its four figures. */
export function drawFrontPage(sheet: Sheet, statement: Statement): void {
  sheet.text(BANK_NAME, PAGE.left, PAGE.top, BRAND);
  sheet.textRight('Account statement', PAGE.right, PAGE.top + 2, WIDTH / 2, TITLE);
  sheet.textRight(monthName(statement.period), PAGE.right, PAGE.top + 18, WIDTH / 2, TEXT);
  sheet.rule(PAGE.left, PAGE.top + 38, WIDTH, COLORS.brand);
  drawHolder(sheet, statement);
  drawDetails(sheet, statement);
  drawFigures(sheet, statement);
}

function drawHolder(sheet: Sheet, { holderName, accountName, iban }: Statement): void {
  let y = 98;
  const width = WIDTH / 2 - 20;
  for (const line of sheet.wrap(printable(holderName), width, STRONG).slice(0, HOLDER_LINES_MAX)) {
    sheet.text(line, PAGE.left, y, STRONG);
    y += 14;
  }
  for (const line of [...sheet.wrap(printable(accountName), width, TEXT), groupedIban(iban)]) {
    sheet.text(line, PAGE.left, y, TEXT);
    y += 12.5;
  }
}

function drawDetails(sheet: Sheet, statement: Statement): void {
  const details: readonly (readonly [label: string, value: string])[] = [
    ['Period', showPeriod(statement.from, statement.to)],
    ['Statement number', `${statement.sequence}`],
    ['Currency', showCurrency(statement.currency)],
    ['Transactions', `${statement.lineCount}`],
    ['Made on', showDate(new Date(statement.frozenAtMs).toISOString().slice(0, 10))],
  ];
  for (const [index, [label, value]] of details.entries()) {
    const y = 98 + index * 14;
    sheet.text(label, PAGE.left + WIDTH / 2 + 20, y, LABEL);
    sheet.textRight(value, PAGE.right, y - 1, 150, TEXT);
  }
}

function drawFigures(sheet: Sheet, statement: Statement): void {
  const { currency } = statement;
  const figures: readonly (readonly [label: string, value: string])[] = [
    ['Opening balance', showAmount(statement.openingMinor, currency)],
    ['Money in', showAmount(statement.creditsMinor, currency, 'signed')],
    ['Money out', showAmount(-statement.debitsMinor, currency, 'signed')],
    ['Closing balance', showAmount(statement.closingMinor, currency)],
  ];
  const width = (WIDTH - PANEL.gap * (figures.length - 1)) / figures.length;
  for (const [index, [label, value]] of figures.entries()) {
    const x = PAGE.left + index * (width + PANEL.gap);
    sheet.box(x, PANEL.top, width, PANEL.height, COLORS.panel);
    sheet.text(label, x + PANEL.padding, PANEL.top + 9, LABEL);
    sheet.textRight(value, x + width - PANEL.padding, PANEL.top + 23, width - 2 * PANEL.padding, FIGURE);
  }
}

/** The head of every further page. */
export function drawHeading(sheet: Sheet, { holderName, iban, period }: Statement): void {
  sheet.text(BANK_NAME, PAGE.left, PAGE.top, SMALL_BRAND);
  const [name = ''] = sheet.wrap(printable(holderName), 220, NOTE);
  sheet.textRight(
    `${name}  \u00b7  ${groupedIban(iban)}  \u00b7  ${monthName(period)}`,
    PAGE.right,
    PAGE.top + 3,
    440,
    NOTE,
  );
  sheet.rule(PAGE.left, PAGE.top + 20, WIDTH, COLORS.brand);
}

export function drawFooter(
  sheet: Sheet,
  { sequence, iban, period }: Statement,
  page: { readonly number: number; readonly of: number },
): void {
  sheet.rule(PAGE.left, PAGE.bottom, WIDTH, COLORS.line);
  const what = `${BANK_NAME}  \u00b7  Statement ${sequence}, ${monthName(period)}  \u00b7  ${groupedIban(iban)}`;
  sheet.text(`${what}  \u00b7  All dates are in UTC`, PAGE.left, PAGE.bottom + 7, NOTE);
  sheet.textRight(`Page ${page.number} of ${page.of}`, PAGE.right, PAGE.bottom + 7, 100, NOTE);
}
