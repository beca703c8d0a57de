import { sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startBothLedgers } from './choreographed-ledger.ts';
import { CHOREOGRAPHED } from './choreography.ts';
import { startTestService, type TestService } from './test-service.ts';

/** Two shards: buckets below 128 are in the first, the others in the second. */
const FIRST = 5;
const SECOND = 200;
const LOOKS_MAX = 500;
const PREFIX = 'choreographed-';

let bank: TestService;
/** Events that came once, and made the relay bring all of their round again. */
const brought = new Set<string>();

beforeAll(async () => {
  bank = await startTestService(undefined, 2, (config, ports) => {
    ports.broker.subscribe({
      group: 'disturber',
      topics: CHOREOGRAPHED.reactions.map(({ on }) => on),
      async handle(events) {
        const fresh = events.filter(({ type, id }) => !brought.has(`${type} ${id}`));
        for (const { type, id } of fresh) brought.add(`${type} ${id}`);
        if (fresh.length > 0) throw new Error('bring it again');
      },
    });
    return startBothLedgers(config, ports, PREFIX);
  });
});

afterAll(() => bank.close());

afterEach(async () => {
  const proof = await bank.call('sam', 'POST', '/v1/ledger/reconciliations', { body: { mode: 'full' }, key: null });
  expect(proof.body).toMatchObject({ balanced: true, findings: [] });
  const books = await bank.call('amir', 'GET', '/v1/ledger/trial-balance', { key: null });
  const lines = books.body['lines'] as { account: string; posted: { amount: string } }[];
  expect(lines.find(({ account }) => account === 'clearing')?.posted.amount).toBe('0.00');
});

function transfer(from: string, to: string, amount: string, key: string = PREFIX + newId(0)) {
  return bank.transfer('alice', from, to, amount, { key });
}

/** How the transfer ended, as the payer's shard, the first one, knows it; when everybody has heard everything. */
async function ended(id: string): Promise<string> {
  const keys = ['complete', 'refund'].map((does) => `${id}:${does}:do`);
  const databases = [bank.own, ...bank.further].flatMap((one) => one?.database ?? []);
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const waiting = await Promise.all(databases.map((one) => one.query(sql`select 1 from outbox limit 1`)));
    const found = await databases[0]?.query<{ key: string }>(
      sql`select key from command where scope = 'saga' and key = any(${keys})`,
    );
    if (found?.[0] !== undefined && waiting.flat().length === 0) return found[0].key.split(':')[1] ?? '';
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the transfer does not end');
}

async function money(id: string): Promise<string> {
  const { body } = await bank.call('accounts', 'GET', `/internal/accounts/${id}`, { key: null });
  return `${body['postedMinor']} ${body['heldMinor']}`;
}

it('carries money over, to the cent, although every event comes twice', async () => {
  const alice = await bank.open('alice', '100.00', { bucket: FIRST });
  const bob = await bank.open('bob', '0', { bucket: SECOND });
  const sent = await transfer(alice, bob, '40.01');
  expect([sent.status, sent.body.status]).toEqual([202, 'pending']);
  expect(await ended(sent.body.id)).toBe('complete');
  expect([await money(alice), await money(bob)]).toEqual(['5999 0', '4001 0']);
});

it('does a request once under its key, and refuses what the payer can not pay', async () => {
  const alice = await bank.open('alice', '100.00', { bucket: FIRST });
  const bob = await bank.open('bob', '0', { bucket: SECOND });
  const key = PREFIX + newId(0);
  expect((await transfer(alice, bob, '60.00', key)).status).toBe(202);
  const again = await transfer(alice, bob, '60.00', key);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await ended(again.body.id)).toBe('complete');
  expect((await transfer(alice, bob, '60.00')).body.code).toBe('insufficient-funds');
  expect([await money(alice), await money(bob)]).toEqual(['4000 0', '6000 0']);
});

it('gives the money back when the payee can not have it any more', async () => {
  const alice = await bank.open('alice', '100.00', { bucket: FIRST });
  const bob = await bank.open('bob', '0', { bucket: SECOND });
  const [far] = bank.further;
  const sent = await far?.database.transaction(async (tx) => {
    await tx.execute(sql`update account set status = 'closing' where id = ${bob}`);
    // The payee is still seen as it was; it is looked at again when the lock is given back.
    return transfer(alice, bob, '25.00');
  });
  expect(sent?.status).toBe(202);
  expect(await ended(sent?.body.id ?? '')).toBe('refund');
  expect([await money(alice), await money(bob)]).toEqual(['10000 0', '0 0']);
});
