import { formatMoney } from '@florin/money';
import type { HistoryLine } from '../../domain/history.ts';
import { printable } from './printable.ts';

/**
 * Spreadsheets on Windows read a file without a byte order mark in the machine's old code page and spoil every name
 * beyond ASCII, so there is one. Programs that read UTF-8 know to skip it (Unicode Standard, section 23.8).
 */
const BYTE_ORDER_MARK = '\ufeff';

const HEADER = [
  'Date',
  'Time (UTC)',
  'Value date',
  'Counterparty',
  'Counterparty IBAN',
  'Reference',
  'Kind',
  'Amount',
  'Balance',
  'Currency',
  'Transaction',
];

/** The first bytes of every CSV of a history. */
export function csvHead(): string {
  return BYTE_ORDER_MARK + record(HEADER);
}

/** One line of a history as a record (RFC 4180). Amounts are plain decimals with a point. */
export function csvLine(line: HistoryLine, currency: string): string {
  const bookedAt = new Date(line.bookedAtMs).toISOString();
  return record([
    bookedAt.slice(0, 10),
    bookedAt.slice(11, 19),
    line.valueDate,
    textCell(line.counterpartyName ?? ''),
    textCell(line.counterpartyIban ?? ''),
    textCell(line.reference),
    textCell(line.kind),
    formatMoney(line.amountMinor, currency).amount,
    formatMoney(line.balanceAfterMinor, currency).amount,
    currency,
    line.journalId,
  ]);
}

/** What a spreadsheet may take for the beginning of a formula, also in full width (OWASP, CSV Injection). */
const BEGINS_FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** Somebody's text, which no spreadsheet must run: an apostrophe in front makes it text. */
export function textCell(text: string): string {
  const shown = BEGINS_FORMULA.test(text) ? `'${text}` : text;
  const safe = printable(shown);
  // What was hidden in front of a formula must not bring it to the front by going away.
  return BEGINS_FORMULA.test(safe) ? `'${safe}` : safe;
}

function record(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
