import type { HistoryLine } from '../../domain/history.ts';
import type { Statement } from '../../domain/statement.ts';

/** A line of October 2026; the balances of several are made by `statementOf`. */
export function lineOf(more: Partial<HistoryLine> = {}): HistoryLine {
  return {
    version: 2,
    line: 0,
    journalId: '0199f0aa-1234-7000-8000-0000000000aa',
    kind: 'transfer',
    amountMinor: -1_250n,
    balanceAfterMinor: 0n,
    counterpartyIban: 'NL91ABNA0417164300',
    counterpartyName: 'Corner Shop',
    reference: 'Rent March',
    bookedAtMs: Date.UTC(2026, 9, 5, 12, 30, 15, 250),
    valueDate: '2026-10-05',
    category: 'housing',
    ...more,
  };
}

/** Names and references that people have sent, or might, to see what breaks. */
export const HOSTILE_TEXTS = [
  "=cmd|'/C calc'!A0",
  '<script>alert(1)</script>',
  ']]>',
  'ex\u202egpj.exe',
  '\ud83d\ude00 \ud83d\udc69\u200d\ud83d\ude80 party',
  '&amp; "quoted", \'single\'',
  'a\u0000b\u0008c\ufffe',
  '\u682a\u5f0f\u4f1a\u793e\u30b5\u30f3\u30d7\u30eb',
  '\u05e9\u05dc\u05d5\u05dd \u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35 \u0928\u092e\u0938\u094d\u0924\u0947',
  '\ud83d\ude00'.repeat(70),
  '',
] as const;

/** A statement of these lines, which are given versions and balances that go on from each other. */
export function statementOf(
  amountsAndMore: readonly Partial<HistoryLine>[],
  more: Partial<Statement> = {},
): { readonly statement: Statement; readonly lines: readonly HistoryLine[] } {
  const openingMinor = more.openingMinor ?? 0n;
  let balanceMinor = openingMinor;
  const lines = amountsAndMore.map((given, index) => {
    const line = lineOf({ version: index + 2, ...given });
    balanceMinor += line.amountMinor;
    return { ...line, balanceAfterMinor: balanceMinor };
  });
  const credits = lines.filter((line) => line.amountMinor > 0n);
  const sum = (of: readonly HistoryLine[]) => of.reduce((total, line) => total + line.amountMinor, 0n);
  const statement: Statement = {
    accountId: '0199f0aa-0000-7000-8000-000000000001',
    period: '2026-10',
    sequence: 10,
    from: '2026-10-01',
    to: '2026-10-31',
    firstVersion: 2,
    lastVersion: lines.length + 1,
    openingMinor,
    closingMinor: balanceMinor,
    creditsMinor: sum(credits),
    debitsMinor: sum(credits) - sum(lines),
    lineCount: lines.length,
    creditCount: credits.length,
    iban: 'NL36FLRN0420001234',
    holderName: 'Alice Vermeer',
    accountName: 'Everyday',
    currency: 'EUR',
    linesSha256: '',
    frozenAtMs: Date.UTC(2026, 10, 1, 0, 1),
    ...more,
  };
  return { statement, lines };
}

/** The lines as a read of the database gives them, so many at a time. */
export async function* pagesOf(
  lines: readonly HistoryLine[],
  linesPerPage = 100,
): AsyncGenerator<readonly HistoryLine[]> {
  for (let start = 0; start < lines.length; start += linesPerPage) yield lines.slice(start, start + linesPerPage);
}

export async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}
