import { openDatabase, sql } from '@florin/postgres';
import { newId, uuidInBucket } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../domain/command.ts';
import { findJournal } from '../repositories/journals.ts';
import { openTestLedger, type TestLedger, transferOf } from '../testing/test-ledger.ts';
import { type JournalListRequest, type JournalPage, listJournals } from './list-journals.ts';

let bank: TestLedger;
let nowMs = Date.parse('2026-03-10T12:00:00Z');
let alice: string;
let bob: string;
const ibans = new Map<string, string>();

async function ibanOf(accountId: string): Promise<string> {
  const [row] = await bank.database.database.query<{ iban: string }>(sql`
    SELECT iban FROM account WHERE id = ${accountId}`);
  return row?.iban ?? '';
}

beforeAll(async () => {
  bank = await openTestLedger({ now: () => nowMs });
  alice = await bank.open('Alice', 100_000n);
  bob = await bank.open('Bob', 0n, { transferFeeMinor: 25n });
  for (const id of [alice, bob]) ibans.set(id, await ibanOf(id));
});
afterAll(() => bank.close());

/** A transfer that was booked; answers its id. */
async function transfer(from: string, to: string, reference: string, amountMinor = 100n): Promise<string> {
  const command = { ...transferOf(from, to, amountMinor, from === alice ? 'Alice' : 'Bob'), reference };
  await bank.run(command as Command);
  return (command as { id: string }).id;
}

async function pageOf(request: Partial<JournalListRequest>): Promise<JournalPage> {
  const found = await listJournals(bank.shards, { limit: 100, ...request });
  if (!found.ok) throw new Error(found.failure.code);
  return found.value;
}

async function idsOf(request: Partial<JournalListRequest>): Promise<string[]> {
  return (await pageOf(request)).journals.map(({ id }) => id);
}

/** Every page of a list, and what `between` does before each next one. */
async function walk(request: Partial<JournalListRequest>, between: () => Promise<unknown> = async () => {}) {
  const pages: string[][] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await pageOf({ ...request, ...(cursor === undefined ? {} : { cursor }) });
    pages.push(page.journals.map(({ id }) => id));
    cursor = page.nextCursor;
    await between();
  }
  return pages;
}

describe('a search', () => {
  it('finds by side, kind, day and part of the reference, and says who the sides are', async () => {
    const rent = await transfer(alice, bob, 'Rent 100% March');
    nowMs += 86_400_000;
    const back = await transfer(bob, alice, 'Of the rent, too much', 50n);
    const deposit = newId(0);
    const cash = { kind: 'deposit', actor: 'tessa', amountMinor: 5n, currency: 'EUR', reference: '' } as const;
    await bank.run({ ...cash, id: deposit, accountId: alice });

    expect(await idsOf({ q: 'rENT 100%' })).toEqual([rent]);
    expect(await idsOf({ q: 'rent_100' })).toEqual([]);
    expect(await idsOf({ q: 'rent', kind: 'transfer' })).toEqual([back, rent]);
    expect(await idsOf({ to: '2026-03-10', q: 'rent' })).toEqual([rent]);
    expect(await idsOf({ from: '2026-03-11', q: 'rent' })).toEqual([back]);
    expect(await idsOf({ from: '2026-03-11', to: '2026-03-10' })).toEqual([]);
    expect(await idsOf({ to: '2026-03-09' })).toEqual([]);
    expect(await idsOf({ from: '9999-12-31', to: '9999-12-31' })).toEqual([]);
    expect((await idsOf({ from: '1900-01-01', to: '9999-12-31' })).length).toBe((await idsOf({})).length);
    expect(await idsOf({ iban: ibans.get(bob) ?? '', kind: 'transfer' })).toEqual([back, rent]);
    expect(await idsOf({ iban: ibans.get(bob) ?? '', to: '2026-03-10' })).toEqual([rent]);
    expect(await idsOf({ iban: ibans.get(bob) ?? '', from: '2026-03-12' })).toEqual([]);
    expect(await idsOf({ iban: (ibans.get(bob) ?? '').toLowerCase().replace(/(.{4})/g, '$1 '), q: 'of' })).toEqual([
      back,
    ]);

    const [fee] = (await pageOf({ kind: 'fee' })).journals;
    expect(fee).toMatchObject({
      parentId: back,
      amountMinor: 25n,
      debit: { accountId: bob, iban: ibans.get(bob), name: 'Bob' },
      credit: { iban: null, name: 'fee-income' },
    });
    const [cashed] = (await pageOf({ iban: ibans.get(alice) ?? '' })).journals;
    expect(cashed).toMatchObject({
      id: deposit,
      debit: { name: 'cash', iban: null },
      credit: { name: 'Alice' },
      actor: 'tessa',
    });
  });

  it('links a reversal and what it took back, also when there was nothing to take', async () => {
    const to = await bank.open('Carol', 0n);
    const id = await transfer(alice, to, 'sent twice');
    await bank.run({ ...transferOf(to, alice, 100n, 'Carol') } as Command);
    const reversal = (actor: string, force: boolean): Command => ({
      kind: 'reversal',
      id: newId(0),
      actor,
      journalId: id,
      accountIds: [alice, to],
      reason: 'sent twice',
      force,
    });
    await bank.run(reversal('tessa', false));
    const forced = reversal('sam', true);
    await bank.run(forced);
    expect((await findJournal(bank.ledger.db, id))?.isReversed).toBe(true);
    const [newest, , original] = (await pageOf({})).journals;
    expect(newest).toMatchObject({ kind: 'reversal', reversalOf: id, reason: 'sent twice', reversedBy: null });
    expect(original).toMatchObject({ id, reversedBy: newest?.id, reversalOf: null });
    expect(await idsOf({ kind: 'reversal' })).toEqual([newest?.id]);
    expect(await idsOf({ iban: await ibanOf(alice), kind: 'reversal' })).toEqual([newest?.id]);
    // Nothing was taken from this account: its own walk goes by postings and names the reversal by what it reverses.
    expect(await idsOf({ iban: await ibanOf(to), kind: 'reversal' })).toEqual([]);
  });

  it.each([
    [{ from: '2026-02-30' }, 'invalid-date'],
    [{ iban: 'NL91ABNA0417164300' }, 'account-not-found'],
    [{ iban: "'; DROP TABLE journal --" }, 'account-not-found'],
    [{ cursor: '12' }, 'invalid-cursor'],
    [{ cursor: '' }, 'invalid-cursor'],
    [{ cursor: newId(0).toUpperCase() }, 'invalid-cursor'],
  ])('for %o is refused: %s', async (search, code) => {
    const answer = await listJournals(bank.shards, { limit: 10, ...search });
    expect(answer).toMatchObject({ ok: false, failure: { code } });
  });

  it.each(['1.5', '-1', 'x', newId(0), '9'.repeat(19)])('of an account does not take the cursor %s', async (cursor) => {
    const answer = await listJournals(bank.shards, { limit: 10, iban: ibans.get(bob) ?? '', cursor });
    expect(answer).toMatchObject({ ok: false, failure: { code: 'invalid-cursor' } });
  });
});

describe('pages', () => {
  it.each([
    ['of everything', {}],
    ['of an account', { iban: 'alice' }],
    ['of a search', { q: 'p', from: '2026-03-01' }],
  ])('%s hold what was there, each once, while more is booked', async (_, search) => {
    for (let index = 0; index < 23; index += 1) await transfer(alice, bob, `p${index}`);
    const request = { ...search, ...('iban' in search ? { iban: ibans.get(alice) ?? '' } : {}) };
    const before = await idsOf(request);
    let isDone = false;
    const moving = (async () => {
      while (!isDone) await Promise.all([transfer(alice, bob, 'p-new', 1n), transfer(alice, bob, 'p-new', 1n)]);
    })();
    const pages = await walk({ ...request, limit: 4 }, () => transfer(alice, bob, 'p-between', 1n)).finally(() => {
      isDone = true;
    });
    await moving;
    const seen = pages.flat();
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((id) => before.includes(id))).toEqual(before);
    for (const page of pages.slice(0, -1)) expect(page).toHaveLength(4);
  });

  it('of one thing that many were asked for at once hold each once', async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, (_, index) => transfer(alice, bob, `burst ${index}`, 1n)));
    const pages = await walk({ q: 'burst', limit: 7 });
    expect(pages.flat().toSorted()).toEqual(ids.toSorted());
  });
});

describe('booked a little out of order', () => {
  it('is still found by its day', async () => {
    const owner = openDatabase({ url: bank.database.ownerUrl, applicationName: 'owner' });
    const midnightMs = Date.parse('2031-05-05T00:00:00Z');
    const journals = Array.from({ length: 200 }, (_, index) => {
      // Asked for one a second around midnight, and booked up to five seconds later.
      const askedMs = midnightMs + (index - 100) * 1_000;
      const random = Uint8Array.from({ length: 9 }, (_byte, at) => (index * 31 + at * 7) % 256);
      return { id: uuidInBucket(index, askedMs, random), bookedMs: askedMs + ((index * 7) % 6) * 1_000 };
    });
    await owner.execute(sql`
      INSERT INTO journal (id, kind, debit_account, credit_account, amount, currency, reference, actor, booked_at,
        value_date, business_date)
      SELECT id, 'transfer', ${alice}, ${bob}, 1, 'EUR', '', 'alice', to_timestamp(ms / 1000.0), '2031-05-05', '2031-05-05'
      FROM unnest(${journals.map(({ id }) => id)}::uuid[], ${journals.map(({ bookedMs }) => bookedMs)}::bigint[])
        AS t (id, ms)`);
    await owner.close();
    const booked = (isWanted: (ms: number) => boolean) =>
      journals.filter(({ bookedMs }) => isWanted(bookedMs)).map(({ id }) => id);
    const found = async (search: Partial<JournalListRequest>) => (await walk({ ...search, limit: 50 })).flat();
    expect((await found({ from: '2031-05-05' })).toSorted()).toEqual(booked((ms) => ms >= midnightMs).toSorted());
    expect((await found({ from: '2031-05-04', to: '2031-05-04' })).toSorted()).toEqual(
      booked((ms) => ms < midnightMs).toSorted(),
    );
  });
});
