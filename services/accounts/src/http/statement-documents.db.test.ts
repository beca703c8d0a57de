import { readFileSync } from 'node:fs';
import { getStatement } from '@florin/contracts';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { person, startTestBank, type TestBank } from '../testing.fixture.ts';
import { readPdf } from './documents/pdf-text.fixture.ts';
import { HOSTILE_TEXTS } from './documents/statement.fixture.ts';

let bank: TestBank;
beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(async () => bank.close());

const schema = readFileSync(new URL('./documents/camt053-subset.fixture.xsd', import.meta.url), 'utf8');
const statementShape = Compile(getStatement.responses[200]);

/** An account opened in March with these entries in it, and April begun. */
async function accountWith(
  productCode: string,
  entries: readonly { amountMinor: bigint; reference?: string; name?: string }[],
) {
  bank.ledger.nowMs = Date.parse('2026-03-12T10:00:00Z');
  const alice = person('customer');
  const { id, iban } = await bank.open(alice, productCode);
  for (const entry of entries) bank.ledger.book(id, entry);
  await bank.deliver();
  bank.ledger.nowMs = Date.parse('2026-04-02T00:00:00Z');
  return {
    id,
    iban,
    read: (format: string) => bank.call(alice, 'GET', `/v1/accounts/${id}/statements/2026-03?format=${format}`),
  };
}

it('gives a statement as a file with a safe name, which no browser runs', async () => {
  const { iban, read } = await accountWith('current-eur', [
    { amountMinor: 12_345n, reference: 'x"; filename=evil.exe' },
  ]);
  const files: [string, string, string][] = [
    ['csv', 'text/csv; charset=utf-8', 'csv'],
    ['pdf', 'application/pdf', 'pdf'],
    ['camt.053', 'application/xml; charset=utf-8', 'xml'],
  ];
  for (const [format, contentType, ending] of files) {
    const answer = await read(format);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(contentType);
    expect(answer.headers.get('content-disposition')).toBe(
      `attachment; filename="florin-${iban.slice(-4)}-2026-03.${ending}"`,
    );
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  }
  const json = await read('json');
  expect(json.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(json.headers.get('content-disposition')).toBeNull();
  expect((await read('xlsx')).body).toMatchObject({ status: 400, code: 'invalid-request' });
});

it.each([
  ['current-eur', [100_000n, -2_550n], '974.50'],
  ['business-eur', [5_000n, -60_000n], '-550.00'],
  ['current-jpy', [100_000n, -2_550n], '97450'],
  ['current-kwd', [100_000n, -2_550n], '97.450'],
  ['current-eur', [], '0.00'],
])('tells the same of %s with %s in every form', async (productCode, amounts, closing) => {
  const { read } = await accountWith(
    productCode,
    amounts.map((amountMinor) => ({ amountMinor })),
  );
  const json = await read('json');
  expect(statementShape.Check(json.body)).toBe(true);
  expect(json.body).toMatchObject({ closing: { amount: closing }, lineCount: amounts.length });
  expect(json.body['lines']).toHaveLength(amounts.length);
  const [, ...records] = (await read('csv')).text.trimEnd().split('\r\n');
  expect(records).toHaveLength(amounts.length);
  if (amounts.length > 0) expect(records.at(-1)?.split(',')[8]).toBe(closing);
  const camt = (await read('camt.053')).text;
  expect((await validateXML({ xml: { fileName: 'statement.xml', contents: camt }, schema })).errors).toEqual([]);
  const sign = closing.startsWith('-') ? 'DBIT' : 'CRDT';
  expect(camt).toContain(
    `>${closing.replace('-', '')}</Amt><CdtDbtInd>${sign}</CdtDbtInd><Dt><Dt>2026-03-31</Dt></Dt></Bal>`,
  );
  const [page] = readPdf((await read('pdf')).bytes);
  expect(page?.map(({ text }) => text.replaceAll(',', ''))).toContain(closing.replace('-', '\u2212'));
});

it('bears names and references that are meant to break it', async () => {
  const texts = HOSTILE_TEXTS.map((text) => text.replaceAll('\u0000', ''));
  const entries = texts.map((text) => ({ amountMinor: 1n, name: text, reference: text }));
  const { read } = await accountWith('current-eur', entries);
  const json = await read('json');
  expect(statementShape.Check(json.body)).toBe(true);
  expect((json.body['lines'] as { reference: string }[]).map(({ reference }) => reference)).toEqual(texts);
  const csv = (await read('csv')).text;
  expect(csv).toContain(",'=cmd|'/C calc'!A0,");
  expect(csv).not.toContain('\u202e');
  const camt = (await read('camt.053')).text;
  expect((await validateXML({ xml: { fileName: 'statement.xml', contents: camt }, schema })).errors).toEqual([]);
  expect(
    readPdf((await read('pdf')).bytes)
      .flat()
      .map(({ text }) => text),
  ).toContain('<script>alert(1)</script>');
});

it('makes the same file every time', async () => {
  const { read } = await accountWith(
    'current-eur',
    Array.from({ length: 40 }, (_, index) => ({ amountMinor: BigInt(index + 1) })),
  );
  for (const format of ['json', 'csv', 'camt.053', 'pdf']) {
    const [first, second] = [await read(format), await read(format)];
    expect([format, Buffer.from(first.bytes).equals(second.bytes)]).toEqual([format, true]);
  }
});

it('reads a month of several thousand lines in stretches, and refuses to print it', async () => {
  const { read } = await accountWith('current-eur', []);
  const entries = Array.from({ length: 5_001 }, (_, index) => ({ amountMinor: 1n, reference: `n${index}` }));
  const { id, read: readLong } = await accountWith('current-eur', entries.slice(0, 1));
  bank.ledger.nowMs = Date.parse('2026-03-13T10:00:00Z');
  for (let start = 1; start < entries.length; start += 500) bank.ledger.book(id, ...entries.slice(start, start + 500));
  await bank.deliver();
  bank.ledger.nowMs = Date.parse('2026-04-02T00:00:00Z');
  const json = await readLong('json');
  expect((json.body['lines'] as { reference: string }[]).map(({ reference }) => reference)).toEqual(
    entries.map(({ reference }) => reference),
  );
  expect((await readLong('csv')).text.split('\r\n')).toHaveLength(5_003);
  expect((await readLong('camt.053')).text.match(/<Ntry>/g)).toHaveLength(5_001);
  expect((await readLong('pdf')).body).toMatchObject({ status: 422, code: 'statement-too-long' });
  expect((await read('pdf')).status).toBe(200);
});
