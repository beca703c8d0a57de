import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type AccountChange, newLinesOf } from './account-change.ts';
import type { HistoryLine } from './history.ts';
import { NEWEST_LINES_MAX, type NewestLines, withChanges } from './newest-lines.ts';
import { readNewestLines, writeNewestLines } from './newest-lines-text.ts';

const GOOD_UNTIL_MS = 1_780_000_000_000;

/** Two lines for even versions, none for every third one, as of a hold. */
function change(version: number): AccountChange {
  const lines = version % 3 === 0 ? 0 : version % 2 === 0 ? 2 : 1;
  return {
    accountId: 'a',
    version,
    currency: 'EUR',
    status: 'active',
    postedMinor: String(version * 100),
    heldMinor: '0',
    overdraftMinor: '0',
    changedAt: '2026-03-01T12:00:00Z',
    lines: Array.from({ length: lines }, (_, line) => ({
      journalId: `journal-${version}-${line}`,
      kind: 'transfer',
      amountMinor: line === 0 ? '150' : '-50',
      balanceAfterMinor: String(version * 100 - line),
      counterpartyIban: line === 0 ? null : 'NL91ABNA0417164300',
      counterpartyName: 'Zoë “Bo” O’Hara',
      reference: `"${version}", \u0000 ${line}`,
      bookedAt: '2026-03-01T12:00:00.123Z',
      valueDate: '2026-03-01',
    })),
  };
}

const upTo = (version: number) => Array.from({ length: version }, (_, index) => change(index + 1));

/** What the database would answer. */
function read(version: number): NewestLines {
  const lines = newLinesOf(upTo(version)).map(
    ({ accountId: _, bookedAt, ...line }): HistoryLine => ({
      ...line,
      amountMinor: BigInt(line.amountMinor),
      balanceAfterMinor: BigInt(line.balanceAfterMinor),
      bookedAtMs: Date.parse(bookedAt),
    }),
  );
  const posted = { postedMinor: BigInt(version * 100), goodUntilMs: GOOD_UNTIL_MS };
  return { version, ...posted, lines: lines.reverse().slice(0, NEWEST_LINES_MAX) };
}

it('is read as it was written', () => {
  for (const version of [1, 3, 20, 200]) {
    expect(readNewestLines(version, writeNewestLines(read(version)))).toEqual(read(version));
  }
});

it.each([
  ['nothing', ''],
  ['no JSON', '['],
  ['another shape', '{}'],
  ['an amount that is a number', '[1,100,[]]'],
  ['too many lines', JSON.stringify([1, '1', Array.from({ length: NEWEST_LINES_MAX + 1 }, () => [])])],
  ['a line with a cell missing', writeNewestLines(read(4)).replace(',"transfer"', '')],
  ['a line with a number for a name', writeNewestLines(read(4)).replace('"Zoë “Bo” O’Hara"', '7')],
  ['lines in another order', writeNewestLines({ ...read(4), lines: read(4).lines.toReversed() })],
  ['lines that are newer than their version', writeNewestLines(read(5))],
])('takes %s for what it is', (_, text) => {
  expect(readNewestLines(4, text)).toBeUndefined();
  expect(readNewestLines(Number.NaN, writeNewestLines(read(4)))).toBeUndefined();
});

it('with every change becomes what the database would answer', () => {
  for (const [from, to] of [
    [1, 2],
    [4, 5],
    [8, 60],
    [100, 150],
  ] as const) {
    expect(withChanges(read(from), upTo(to).slice(from))).toEqual(read(to));
  }
});

it('stays as it is when events come again, and adds nothing behind one that is missing', () => {
  const known = read(10);
  expect(withChanges(known, upTo(10))).toBe(known);
  expect(withChanges(known, [change(12), change(13)])).toBe(known);
  expect(withChanges(known, [change(11), change(13)])).toEqual(read(11));
});

it('is given up when a line came late that belongs among those that are there', () => {
  const without8 = { ...read(10), lines: read(10).lines.filter(({ version }) => version !== 8) };
  expect(withChanges(without8, [change(8)])).toBeUndefined();
  expect(withChanges(without8, [change(11), change(8)])).toBeUndefined();
  // A hold leaves no line, and what is older than the oldest line would not be shown.
  expect(withChanges(without8, [change(9)])).toBe(without8);
  expect(withChanges(read(200), [change(1)])).toEqual(read(200));
});

it('is never older than it was nor other than the database, in whatever order and chunks events come', () => {
  const orders = fc.tuple(
    fc.integer({ min: 1, max: 40 }),
    fc.array(
      fc.shuffledSubarray(
        Array.from({ length: 60 }, (_, index) => index + 1),
        { maxLength: 12 },
      ),
      {
        maxLength: 8,
      },
    ),
  );
  fc.assert(
    fc.property(orders, ([from, chunks]) => {
      let known: NewestLines | undefined = read(from);
      for (const versions of chunks) {
        const next: NewestLines | undefined = withChanges(known, versions.map(change));
        expect(next?.version).toBeGreaterThanOrEqual(known.version);
        if (next === undefined) return;
        expect(next).toEqual(read(next.version));
        known = next;
      }
    }),
  );
});
