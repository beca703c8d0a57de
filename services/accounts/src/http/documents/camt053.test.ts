import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { HistoryLine } from '../../domain/history.ts';
import type { Statement } from '../../domain/statement.ts';
import { HOSTILE_TEXTS, pagesOf, statementOf, textOf } from './statement.fixture.ts';
import { statementCamt } from './text-documents.ts';

const schema = readFileSync(new URL('./camt053-subset.fixture.xsd', import.meta.url), 'utf8');

/** The document, after it was held against the schema. */
async function camtOf(lines: readonly Partial<HistoryLine>[], more: Partial<Statement> = {}): Promise<string> {
  const { statement, lines: made } = statementOf(lines, more);
  const xml = await textOf(statementCamt(statement, pagesOf(made, 2)));
  expect(await problemsOf(xml)).toEqual([]);
  return xml;
}

async function problemsOf(xml: string): Promise<string[]> {
  const result = await validateXML({ xml: { fileName: 'statement.xml', contents: xml }, schema });
  return result.errors.map((error) => error.message);
}

/** The texts of all elements of a name, in order. */
function all(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>(.*?)</${name}>`, 'gs'))].map((match) => match[1] ?? '');
}

it('tells whose statement it is, of when, and how it adds up', async () => {
  const xml = await camtOf([{ amountMinor: 10_000n }, { amountMinor: -2_550n }, { amountMinor: 5n }]);
  expect(
    xml.startsWith(
      '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">',
    ),
  ).toBe(true);
  expect(all(xml, 'GrpHdr')).toEqual([
    '<MsgId>NL36FLRN0420001234-2026-10</MsgId><CreDtTm>2026-11-01T00:01:00.000Z</CreDtTm>',
  ]);
  expect(all(xml, 'ElctrncSeqNb')).toEqual(['10']);
  expect(all(xml, 'FrToDt')).toEqual(['<FrDtTm>2026-10-01T00:00:00Z</FrDtTm><ToDtTm>2026-10-31T23:59:59Z</ToDtTm>']);
  expect(all(xml, 'Acct')).toEqual([
    '<Id><IBAN>NL36FLRN0420001234</IBAN></Id><Ccy>EUR</Ccy><Nm>Everyday</Nm>' +
      '<Ownr><Nm>Alice Vermeer</Nm></Ownr><Svcr><FinInstnId><Nm>Florin</Nm></FinInstnId></Svcr>',
  ]);
  expect(all(xml, 'Bal')).toEqual([
    balance('OPBD', '0.00', 'CRDT', '2026-10-01'),
    balance('CLBD', '74.55', 'CRDT', '2026-10-31'),
  ]);
  expect(all(xml, 'TxsSummry')).toEqual([
    '<TtlNtries><NbOfNtries>3</NbOfNtries><Sum>125.55</Sum>' +
      '<TtlNetNtry><Amt>74.55</Amt><CdtDbtInd>CRDT</CdtDbtInd></TtlNetNtry></TtlNtries>' +
      '<TtlCdtNtries><NbOfNtries>2</NbOfNtries><Sum>100.05</Sum></TtlCdtNtries>' +
      '<TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>25.50</Sum></TtlDbtNtries>',
  ]);
});

function balance(code: string, amount: string, sign: string, date: string): string {
  const type = `<Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>`;
  return `${type}<Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${sign}</CdtDbtInd><Dt><Dt>${date}</Dt></Dt>`;
}

it('writes a booking as an entry', async () => {
  const xml = await camtOf([{ amountMinor: -1_250n, valueDate: '2026-09-30' }]);
  expect(all(xml, 'Ntry')).toEqual([
    '<NtryRef>2.0</NtryRef><Amt Ccy="EUR">12.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>' +
      '<BookgDt><Dt>2026-10-05</Dt></BookgDt><ValDt><Dt>2026-09-30</Dt></ValDt>' +
      '<AcctSvcrRef>0199f0aa1234700080000000000000aa</AcctSvcrRef>' +
      '<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>BOOK</SubFmlyCd></Fmly></Domn></BkTxCd>' +
      '<NtryDtls><TxDtls><Refs><AcctSvcrRef>0199f0aa1234700080000000000000aa</AcctSvcrRef></Refs>' +
      '<Amt Ccy="EUR">12.50</Amt><CdtDbtInd>DBIT</CdtDbtInd>' +
      '<RltdPties><Cdtr><Pty><Nm>Corner Shop</Nm></Pty></Cdtr>' +
      '<CdtrAcct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></CdtrAcct></RltdPties>' +
      '<RmtInf><Ustrd>Rent March</Ustrd></RmtInf></TxDtls></NtryDtls>',
  ]);
});

it.each<[string, Partial<HistoryLine>, string]>([
  ['a transfer out', { amountMinor: -1n }, 'ICDT BOOK'],
  ['a transfer in', { amountMinor: 1n }, 'RCDT BOOK'],
  ['a capture', { kind: 'capture', amountMinor: -1n }, 'ICDT BOOK'],
  ['a deposit', { kind: 'deposit', amountMinor: 1n, counterpartyIban: null }, 'CNTR CDPT'],
  ['a withdrawal', { kind: 'withdrawal', amountMinor: -1n, counterpartyIban: null }, 'CNTR CWDL'],
  ['a fee', { kind: 'fee', amountMinor: -1n, counterpartyIban: null }, 'MDOP FEES'],
  ['a transfer out taken back', { kind: 'reversal', amountMinor: 1n }, 'ICDT RRTN'],
  ['a transfer in taken back', { kind: 'reversal', amountMinor: -1n }, 'RCDT RRTN'],
  ['a fee given back', { kind: 'reversal', amountMinor: 1n, counterpartyIban: null }, 'MCOP OTHR'],
  ['a deposit taken back', { kind: 'reversal', amountMinor: -1n, counterpartyIban: null }, 'MDOP OTHR'],
  ['what is not known yet', { kind: 'interest', amountMinor: 1n }, 'NTAV NTAV'],
])('gives %s its bank transaction code', async (_what, line, code) => {
  const xml = await camtOf([line]);
  const [family, subFamily] = [/<Fmly><Cd>(\w+)</.exec(xml)?.[1], all(xml, 'SubFmlyCd')[0]];
  expect(`${family} ${subFamily}`).toBe(code);
  expect(xml.includes('<RvslInd>true</RvslInd>')).toBe(line.kind === 'reversal');
});

it('names the other side by the way the money went, and leaves out what is not known', async () => {
  const [incoming = '', cash = ''] = all(
    await camtOf([
      { amountMinor: 1n },
      { amountMinor: 1n, counterpartyIban: null, counterpartyName: null, reference: '' },
    ]),
    'TxDtls',
  );
  expect(incoming).toContain('<RltdPties><Dbtr><Pty><Nm>Corner Shop</Nm></Pty></Dbtr><DbtrAcct>');
  expect(cash).not.toContain('RltdPties');
  expect(cash).not.toContain('RmtInf');
});

it.each<[string, bigint, bigint, string, string]>([
  ['EUR', -100_000n, -1n, '1000.00 DBIT', '1000.01 DBIT'],
  ['JPY', 0n, -7n, '0 CRDT', '7 DBIT'],
  ['KWD', -5n, 1_005n, '0.005 DBIT', '1.000 CRDT'],
  ['EUR', 999_999_999_999_999_998n, 1n, '9999999999999999.98 CRDT', '9999999999999999.99 CRDT'],
])('writes balances in %s without a sign', async (currency, openingMinor, amountMinor, opening, closing) => {
  const xml = await camtOf([{ amountMinor }], { currency, openingMinor });
  const shown = all(xml, 'Bal').map((bal) => `${all(bal, 'Amt')[0]} ${all(bal, 'CdtDbtInd')[0]}`);
  expect(shown).toEqual([opening, closing]);
});

it('leaves out a turnover that the standard can not write', async () => {
  const most = 999_999_999_999_999_999n;
  const xml = await camtOf([{ amountMinor: most }, { amountMinor: -most }, { amountMinor: most }]);
  const [total = '', credits = '', debits = ''] = ['TtlNtries', 'TtlCdtNtries', 'TtlDbtNtries'].map(
    (name) => all(xml, name)[0],
  );
  expect([total, credits, debits].map((sums) => all(sums, 'Sum'))).toEqual([[], [], ['9999999999999999.99']]);
  expect(all(xml, 'NbOfNtries')).toEqual(['3', '2', '1']);
});

it('is well formed and valid whatever people call themselves', async () => {
  const xml = await camtOf(
    HOSTILE_TEXTS.map((text) => ({ counterpartyName: text === '' ? null : text, reference: text })),
    { holderName: HOSTILE_TEXTS.join(' '), accountName: 'x]]>'.repeat(40) },
  );
  const texts = all(xml, 'Ustrd');
  expect(texts).toContain('=cmd|&apos;/C calc&apos;!A0');
  expect(texts).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(texts).toContain(']]&gt;');
  expect(texts).toContain('exgpj.exe');
  expect(texts).toContain('abc');
  expect(texts).toHaveLength(HOSTILE_TEXTS.length - 1);
});

it('is a document without entries for a month without bookings', async () => {
  expect(await camtOf([], { openingMinor: 5n })).not.toContain('<Ntry>');
});

it('is held against a schema that notices what is wrong', async () => {
  const { statement, lines } = statementOf([{}]);
  const xml = await textOf(statementCamt(statement, pagesOf(lines)));
  const wrong: [string, string][] = [
    ['<Sts><Cd>BOOK</Cd></Sts>', ''],
    ['<CdtDbtInd>DBIT</CdtDbtInd><Sts>', '<Sts>'],
    ['12.50', '-12.50'],
    ['12.50', '12.500001'],
    ['<MsgId>', `<MsgId>${'x'.repeat(20)}`],
    ['<Ustrd>', `<Ustrd>${'x'.repeat(140)}`],
    ['2026-10-05', '05-10-2026'],
    ['NL91', 'nl91'],
    ['CLBD', 'ITBD'],
  ];
  for (const [good, bad] of wrong) {
    expect(xml).toContain(good);
    expect([good, bad, await problemsOf(xml.replace(good, bad))]).not.toEqual([good, bad, []]);
  }
});
