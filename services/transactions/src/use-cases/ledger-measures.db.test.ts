import { newId, systemClock } from '@florin/primitives';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestLedger, type TestLedger } from '../testing/test-ledger.ts';
import { ledgerMeasures } from './ledger-measures.ts';
import { measureHolds } from './measure-holds.ts';

let books: TestLedger;
beforeAll(async () => {
  books = await openTestLedger();
});
afterAll(() => books.close());

const page = () => books.metrics.registry.metrics();

it('counts what was booked, what was refused, and what was asked twice, by command', async () => {
  const [payer, payee] = [await books.open('ann', 5_000n), await books.open('ben', 0n)];
  const transferOf = (amountMinor: bigint) =>
    ({
      kind: 'transfer',
      ...{ id: newId(0), feeJournalId: newId(0), actor: 'ann', currency: 'EUR', reference: 'rent' },
      ...{ debitAccountId: payer, creditAccountId: payee, amountMinor },
    }) as const;
  const rent = transferOf(2_000n);
  await books.run(rent, 'rent');
  await books.run(rent, 'rent');
  await books.run(transferOf(1_000_000n));
  const measured = await page();
  expect(measured).toMatch(
    /command_duration_seconds_count\{service="test",command="transfer",outcome="accepted"\} 1\n/,
  );
  expect(measured).toMatch(
    /command_duration_seconds_count\{service="test",command="transfer",outcome="replayed"\} 1\n/,
  );
  expect(measured).toMatch(/command_duration_seconds_count\{service="test",command="transfer",outcome="refused"\} 1\n/);
  expect(measured).toContain('florin_ledger_journals_total{kind="transfer",service="test"} 1\n');
  expect(measured).toContain('florin_ledger_postings_total{service="test"} 4\n');
  // A batch has ended a moment after its answers.
  await expect.poll(page).toContain('florin_ledger_batch_size_count{service="test"} 6\n');
});

it('knows how many holds are open, and how old the oldest of them is', async () => {
  const measures = ledgerMeasures(books.metrics);
  await measureHolds(books.ledger, measures, systemClock);
  expect(await page()).toContain('florin_ledger_open_hold_oldest_seconds{shard="0",service="test"} 0\n');
  const accountId = await books.open('cleo', 5_000n);
  const holdOf = (id: string) =>
    ({
      kind: 'hold',
      ...{ id, accountId, amountMinor: 100n, currency: 'EUR', reference: 'hotel', expiresAtMs: null, sagaId: null },
    }) as const;
  const [first, second] = [newId(0), newId(0)];
  for (const id of [second, first]) await books.run(holdOf(id));
  const hourLater = () => Number.parseInt(first.slice(0, 8) + first.slice(9, 13), 16) + 3_600_000;
  await measureHolds(books.ledger, measures, hourLater);
  expect(await page()).toContain('florin_ledger_open_holds{shard="0",service="test"} 2\n');
  expect(await page()).toContain('florin_ledger_open_hold_oldest_seconds{shard="0",service="test"} 3600\n');
});
