import { traced } from '@florin/observability';
import { recordSpans } from '@florin/observability/testing';
import { sql } from '@florin/postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestLedger, type TestLedger, transferOf, wordOf } from '../testing/test-ledger.ts';

let recording: ReturnType<typeof recordSpans>;
let bank: TestLedger;

beforeAll(async () => {
  recording = recordSpans();
  // One writer: what arrives while it is busy goes down together.
  bank = await openTestLedger({ writers: 1 });
});
afterAll(async () => {
  await bank.close();
  recording.end();
});

it('a batch has a link to each request it serves, and every event belongs to the request that caused it', async () => {
  const pairs = await Promise.all(
    ['ann', 'ben', 'cid', 'dee'].map(
      async (owner) => [await bank.open(owner, 100n), await bank.open(owner, 0n), owner] as const,
    ),
  );
  await bank.database.database.execute(sql`delete from outbox`);
  const before = recording.spans().length;
  const words = pairs.map(([from, to, owner], index) => {
    const command = transferOf(from, to, 1n, owner);
    const run = async () => wordOf(await bank.run(command));
    // The last one nobody traces: a chore.
    return index === 3 ? run() : traced({ name: `request ${from}` }, run);
  });
  expect(await Promise.all(words)).toEqual(['ok', 'ok', 'ok', 'ok']);

  const spans = () => recording.spans().slice(before);
  const requestOf = (from: string) => spans().find(({ name }) => name === `request ${from}`);
  const [first, ...others] = pairs.slice(0, 3).map(([from]) => requestOf(from)?.spanId);
  const batches = () => spans().filter(({ name }) => name === 'ledger batch');
  // The first goes down alone, the others while it commits; a batch ends after its callers were answered.
  const served = () => batches().map(({ parentSpanId, links }) => [parentSpanId, ...links]);
  await expect.poll(served).toEqual([[first], others]);
  for (const { spanId } of batches()) {
    expect(spans().filter(({ parentSpanId }) => parentSpanId === spanId)).toMatchObject([
      { name: 'postgres transaction' },
    ]);
  }

  const rows = await bank.database.database.query<{ events: string }>(sql`select events from outbox`);
  const events = rows.flatMap((row): { subject: string; traceparent?: string }[] => JSON.parse(row.events));
  const traceparents = pairs.map(([from]) => events.find(({ subject }) => subject === from)?.traceparent);
  const expected = pairs.map(([from]) => {
    const request = requestOf(from);
    return request && `00-${request.traceId}-${request.spanId}-01`;
  });
  expect(traceparents).toEqual(expected);
});
