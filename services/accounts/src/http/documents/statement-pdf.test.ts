import { describe, expect, it } from 'vitest';
import type { HistoryLine } from '../../domain/history.ts';
import type { Statement } from '../../domain/statement.ts';
import { type PdfText, readPdf } from './pdf-text.fixture.ts';
import { HOSTILE_TEXTS, statementOf } from './statement.fixture.ts';
import { statementPdf } from './statement-pdf.ts';

async function pdfOf(given: readonly Partial<HistoryLine>[], more: Partial<Statement> = {}): Promise<Uint8Array> {
  const { statement, lines } = statementOf(given, more);
  const pdf = statementPdf(statement);
  pdf.add(lines.slice(0, 7));
  pdf.add(lines.slice(7));
  return pdf.finish();
}

function textsOf(page: readonly PdfText[] | undefined): string[] {
  return (page ?? []).map(({ text }) => text);
}

it('says whose statement it is, of when, and what it comes to', async () => {
  const [page, ...others] = readPdf(
    await pdfOf(
      [
        { amountMinor: 1_234_567n, counterpartyName: 'Works Ltd' },
        { amountMinor: -2_550n, kind: 'fee' },
      ],
      {
        from: '2026-10-12',
      },
    ),
  );
  expect(others).toEqual([]);
  const texts = textsOf(page);
  for (const text of [
    'Florin',
    'Account statement',
    'October 2026',
    'Alice Vermeer',
    'Everyday',
    'NL36 FLRN 0420 0012 34',
    '12 to 31 October 2026',
    'Euro (EUR)',
    '01 Nov 2026',
    'Works Ltd',
    'NL91 ABNA 0417 1643 00',
    'Fee',
    '05 Oct 2026',
    'Page 1 of 1',
  ]) {
    expect(texts).toContain(text);
  }
  const figures = ['+12,345.67', '\u221225.50', '12,320.17', '0.00'];
  for (const figure of figures)
    expect(texts.filter((text) => text === figure)).toHaveLength(2 + Number(figure === '12,320.17'));
});

it('makes the same bytes of the same statement, and others of another', async () => {
  const lines = HOSTILE_TEXTS.map((text) => ({ counterpartyName: text, reference: text }));
  const [once, again, other] = await Promise.all([pdfOf(lines), pdfOf(lines), pdfOf(lines, { sequence: 11 })]);
  expect(Buffer.from(once).equals(again)).toBe(true);
  expect(Buffer.from(once).equals(other)).toBe(false);
  expect(Buffer.from(once).subarray(0, 8).toString()).toBe('%PDF-1.7');
});

it('repeats its heads on every page, numbers them, and loses no line', async () => {
  const pages = readPdf(
    await pdfOf(
      Array.from({ length: 200 }, (_, index) => ({
        amountMinor: BigInt(index + 1),
        reference: `R${index}${index % 9 === 0 ? ' and a longer text that takes more than one line of its column' : ''}`,
      })),
    ),
  );
  expect(pages.length).toBeGreaterThan(4);
  for (const [index, page] of pages.entries()) {
    const texts = textsOf(page);
    for (const head of ['Date', 'Value date', 'Counterparty', 'Reference', 'Amount', 'Balance'])
      expect(texts).toContain(head);
    expect(texts).toContain(`Page ${index + 1} of ${pages.length}`);
    expect(Math.max(...page.map(({ y }) => y))).toBeLessThan(820);
  }
  const numbers = pages.flatMap(textsOf).flatMap((text) => /^R(\d+)/.exec(text)?.[1] ?? []);
  expect(numbers.map(Number)).toEqual(Array.from({ length: 200 }, (_, index) => index));
  expect(textsOf(pages[0])).toContain('Opening balance');
  expect(textsOf(pages.at(-1))).toContain('Closing balance');
});

describe('amounts', () => {
  it.each([
    ['EUR', 999_999_999_999_999_999n, '9,999,999,999,999,999.99'],
    ['JPY', 999_999_999_999_999_999n, '999,999,999,999,999,999'],
    ['KWD', 999_999_999_999_999_999n, '999,999,999,999,999.999'],
    ['KWD', 5n, '0.005'],
    ['JPY', 1_234n, '1,234'],
  ])('in %s end at the edges of their columns', async (currency, amountMinor, shown) => {
    const [page = []] = readPdf(await pdfOf([{ amountMinor }, { amountMinor: -amountMinor }], { currency }));
    for (const text of [`+${shown}`, `\u2212${shown}`]) {
      // Once in the summary, once in the table, where it begins right of the references.
      const places = page.filter((place) => place.text === text);
      expect(places).toHaveLength(2);
      const [inTable] = places.filter(({ y }) => y > 260);
      expect(inTable?.x).toBeGreaterThan(397);
      expect(inTable?.size).toBeGreaterThan(4.4);
    }
  });

  it('of a negative balance carry a minus', async () => {
    const [page] = readPdf(await pdfOf([{ amountMinor: -1n }], { openingMinor: -100_000n }));
    expect(textsOf(page)).toEqual(expect.arrayContaining(['\u22121,000.00', '\u22121,000.01', '\u22120.01']));
  });
});

it('shows hostile texts as they are, without what turns the text around them', async () => {
  const pages = readPdf(
    await pdfOf(
      HOSTILE_TEXTS.map((text) => ({ counterpartyName: text, reference: text })),
      { holderName: HOSTILE_TEXTS.join(' '), accountName: '\u202eevil' },
    ),
  );
  const texts = pages.flatMap(textsOf);
  expect(texts).toEqual(
    expect.arrayContaining(["=cmd|'/C calc'!A0", '<script>alert(1)</script>', ']]>', 'exgpj.exe', 'evil', 'abc']),
  );
});

it('shows Greek, Cyrillic and accents', async () => {
  const names = [
    '\u0394\u03ae\u03bc\u03bf\u03c2 \u0391\u03b8\u03b7\u03bd\u03b1\u03af\u03c9\u03bd',
    '\u0418\u0432\u0430\u043d \u0421\u0438\u0434\u043e\u0440\u043e\u0432',
    '\u0141ukasz \u017b\u00f3\u0142\u0107',
  ];
  const [page] = readPdf(await pdfOf(names.map((counterpartyName) => ({ counterpartyName }))));
  expect(textsOf(page)).toEqual(expect.arrayContaining(names));
});

it('says so when nothing was booked', async () => {
  const [page, ...others] = readPdf(await pdfOf([], { openingMinor: 7_000n }));
  expect(others).toEqual([]);
  expect(textsOf(page)).toContain('Closing balance; nothing was booked in this month');
  expect(textsOf(page).filter((text) => text === '70.00')).toHaveLength(4);
});
