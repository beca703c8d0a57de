import { describe, expect, it } from 'vitest';
import { csvHead, csvLine, textCell } from './csv.ts';
import { HOSTILE_TEXTS, lineOf, pagesOf, statementOf, textOf } from './statement.fixture.ts';
import { statementCsv } from './text-documents.ts';

/** Reads CSV by the grammar of RFC 4180 and nothing more; throws on what it does not allow. */
function parse(text: string): string[][] {
  const records: string[][] = [];
  let rest = text;
  while (rest !== '') {
    const cells: string[] = [];
    for (let isLast = false; !isLast; ) {
      const match = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest);
      if (match === null) throw new Error(`no RFC 4180 at ${JSON.stringify(rest.slice(0, 40))}`);
      cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
      rest = rest.slice(match[0].length);
      isLast = match[3] === '\r\n';
    }
    records.push(cells);
  }
  return records;
}

describe('textCell', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ["=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"],
    ['+31 6 1234', "'+31 6 1234"],
    ['-5', "'-5"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'=1"],
    ['\r=1', "'=1"],
    ['\u202e=1', "'=1"],
    ['\u0000\u200f@x', "'@x"],
    ['\uff1d1', "'\uff1d1"],
    ['\uff0b1', "'\uff0b1"],
    ['\uff0d1', "'\uff0d1"],
    ['\uff201', "'\uff201"],
    ['a=1', 'a=1'],
    [' =1', ' =1'],
    ['', ''],
    ['O\u2019Neill & Sons', 'O\u2019Neill & Sons'],
  ])('makes %j %j', (text, cell) => {
    expect(textCell(text)).toBe(cell);
  });
});

it('writes a line with plain numbers, which stay numbers', () => {
  const line = lineOf({ amountMinor: -123_456_789n, balanceAfterMinor: -5n });
  expect(csvLine(line, 'EUR')).toBe(
    '2026-10-05,12:30:15,2026-10-05,Corner Shop,NL91ABNA0417164300,Rent March,transfer,-1234567.89,-0.05,EUR,' +
      '0199f0aa-1234-7000-8000-0000000000aa\r\n',
  );
  expect(csvLine(line, 'JPY')).toContain(',-123456789,-5,JPY,');
  expect(csvLine(line, 'KWD')).toContain(',-123456.789,-0.005,KWD,');
});

it('begins with a byte order mark and the names of its columns', () => {
  expect(Buffer.from(csvHead()).subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  expect(csvHead().endsWith('\r\n')).toBe(true);
});

it('is read back as it was, whatever is in it', async () => {
  const { statement, lines } = statementOf(
    HOSTILE_TEXTS.map((text) => ({ counterpartyName: text, reference: `"${text}",\n` })),
  );
  const [header = [], ...records] = parse(await textOf(statementCsv(statement, pagesOf(lines, 3))));
  expect(records).toHaveLength(lines.length);
  for (const [index, record] of records.entries()) {
    expect(record).toHaveLength(header.length);
    expect(record[header.indexOf('Counterparty')]).toBe(textCell(HOSTILE_TEXTS[index] ?? ''));
    expect(record.some((cell) => /^[=+@\t\r\uff1d\uff0b\uff0d\uff20]/.test(cell))).toBe(false);
  }
});

it('is a header alone for a month without bookings', async () => {
  const { statement, lines } = statementOf([]);
  expect(await textOf(statementCsv(statement, pagesOf(lines)))).toBe(csvHead());
});
