import type { Category } from './category.ts';
import { type HistoryLine, isBefore } from './history.ts';
import { NEWEST_LINES_MAX, type NewestLines } from './newest-lines.ts';

/** The newest lines as they are kept: a list of lists, for the names of fields would be half of it. */
export function writeNewestLines({ postedMinor, goodUntilMs, lines }: NewestLines): string {
  return JSON.stringify([goodUntilMs, String(postedMinor), lines.map(cellsOf)]);
}

/** Reads what `writeNewestLines` wrote for a version; undefined when it is anything else. */
export function readNewestLines(version: number, text: string): NewestLines | undefined {
  if (!Number.isSafeInteger(version)) return undefined;
  const parsed = parse(text);
  if (!Array.isArray(parsed) || parsed.length !== 3) return undefined;
  const [goodUntilMs, posted, rows] = parsed as unknown[];
  if (!isInteger(goodUntilMs) || !isAmount(posted)) return undefined;
  if (!Array.isArray(rows) || rows.length > NEWEST_LINES_MAX) return undefined;
  const lines = rows.map(lineOf);
  if (!lines.every((line) => line !== undefined)) return undefined;
  return isInOrder(lines, version) ? { version, postedMinor: BigInt(posted), goodUntilMs, lines } : undefined;
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cellsOf(line: HistoryLine): readonly unknown[] {
  return [
    line.version,
    line.line,
    line.journalId,
    line.kind,
    String(line.amountMinor),
    String(line.balanceAfterMinor),
    line.counterpartyIban,
    line.counterpartyName,
    line.reference,
    line.bookedAtMs,
    line.valueDate,
    line.category,
  ];
}

const CELLS = 12;

function lineOf(row: unknown): HistoryLine | undefined {
  if (!Array.isArray(row) || row.length !== CELLS) return undefined;
  const [version, line, journalId, kind, amount, after, iban, name, reference, bookedAtMs, valueDate, category] =
    row as unknown[];
  const isLine =
    [version, line, bookedAtMs].every(Number.isSafeInteger) &&
    [journalId, kind, reference, valueDate, category].every((text) => typeof text === 'string') &&
    [iban, name].every((text) => text === null || typeof text === 'string');
  if (!isLine || !isAmount(amount) || !isAmount(after)) return undefined;
  return {
    version: version as number,
    line: line as number,
    journalId: journalId as string,
    kind: kind as string,
    amountMinor: BigInt(amount),
    balanceAfterMinor: BigInt(after),
    counterpartyIban: iban as string | null,
    counterpartyName: name as string | null,
    reference: reference as string,
    bookedAtMs: bookedAtMs as number,
    valueDate: valueDate as string,
    category: category as Category,
  };
}

function isAmount(value: unknown): value is string {
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value);
}

/** Each line before the one above it, and none of them newer than the version. */
function isInOrder(lines: readonly HistoryLine[], version: number): boolean {
  return lines.every((line, index) => {
    const above = lines[index - 1];
    return above === undefined ? line.version <= version : isBefore(line, above);
  });
}
