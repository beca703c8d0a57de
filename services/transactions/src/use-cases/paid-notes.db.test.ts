import { sql } from '@florin/postgres';
import { utcDate } from '@florin/primitives';
import { fakeClock, type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MIGRATIONS } from '../testing/test-ledger.ts';
import { PaidNotes } from './paid-notes.ts';
import { createShards } from './shards.ts';

let database: TestDatabase;
const clock = fakeClock(Date.parse('2026-03-10T12:00:00Z'));
const newNotes = () => new PaidNotes(() => ({ nowMs: clock(), businessDate: utcDate(clock()) }));

beforeAll(async () => {
  database = await testDatabase(MIGRATIONS);
  await database.database.execute(sql`
    INSERT INTO payee (id, owner, name, iban, name_check, created_at)
    SELECT gen_random_uuid(), owner, owner || iban, iban, 'match', now()
    FROM unnest(ARRAY['alice', 'bob']) AS owner, unnest(ARRAY['NL1', 'NL2']) AS iban`);
});
afterAll(() => database.close());

/** When each payee was paid, by its name. */
async function paidAt(): Promise<Record<string, string | undefined>> {
  const rows = await database.database.query<{ name: string; last_paid_at: Date | null }>(
    sql`SELECT name, last_paid_at FROM payee WHERE last_paid_at IS NOT NULL ORDER BY name`,
  );
  return Object.fromEntries(rows.map((row) => [row.name, row.last_paid_at?.toISOString().slice(11, 19)]));
}

it('writes the last time each payee was paid by its own customer, however the IBAN is written', async () => {
  const notes = newNotes();
  notes.note('alice', 'NL1');
  clock.advance(60_000);
  notes.note('alice', 'nl 1');
  notes.note('bob', 'NL2');
  notes.note('carol', 'NL1');
  notes.note('alice', 'NL9');
  expect(await paidAt()).toEqual({});
  await notes.flush(createShards([{ db: database.database }]));
  expect(await paidAt()).toEqual({ aliceNL1: '12:01:00', bobNL2: '12:01:00' });
});

it('never moves a time back, as the notes of another process may be older', async () => {
  const late = newNotes();
  late.note('alice', 'NL1');
  clock.advance(60_000);
  const early = newNotes();
  early.note('alice', 'NL1');
  await early.flush(createShards([{ db: database.database }]));
  await late.flush(createShards([{ db: database.database }]));
  expect(await paidAt()).toMatchObject({ aliceNL1: '12:02:00' });
});

it('keeps so many notes, lets the rest go, and starts afresh after each flush', async () => {
  const notes = newNotes();
  clock.advance(60_000);
  for (let index = 0; index < 5_000; index += 1) notes.note('mallory', `XX${index}`);
  notes.note('alice', 'NL2');
  await notes.flush(createShards([{ db: database.database }]));
  expect(await paidAt()).not.toHaveProperty('aliceNL2');
  notes.note('alice', 'NL2');
  await notes.flush(createShards([{ db: database.database }]));
  expect(await paidAt()).toHaveProperty('aliceNL2');
});
