import { openDatabase, type Statement, sql } from '@florin/postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changeEvent, person, startTestBank, type TestBank } from '../testing.fixture.ts';

/** On a machine that may be busy. */
const SEEN = { timeout: 10_000 };

let bank: TestBank;
const alice = person('customer');
const mallory = person('customer');

beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(async () => bank.close());

const page = (id: string, query = '', who = alice) => bank.call(who, 'GET', `/v1/accounts/${id}/transactions${query}`);

/** As the database answers it: a search that everything passes goes past the cache. */
const pageOfDatabase = (id: string, query: string) => page(id, `${query}&minAmount=0`);

async function warmReads(): Promise<Record<string, number>> {
  const metric = bank.service.metrics.registry.getSingleMetric('florin_warm_reads_total');
  const values = (await metric?.get())?.values ?? [];
  return Object.fromEntries(values.map(({ labels, value }) => [String(labels['answer']), value]));
}

/** How many reads a stretch of a test had of each kind. */
async function reads(work: () => Promise<void>): Promise<Record<string, number>> {
  const before = await warmReads();
  await work();
  const after = await warmReads();
  return Object.fromEntries(
    Object.entries(after)
      .map(([answer, count]) => [answer, count - (before[answer] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
}

/** The consumer writes to the cache after its commit, and nobody waits for it. */
async function untilKept(id: string, version: number): Promise<void> {
  await expect.poll(async () => (await bank.cache.newest(`lines:${id}`))?.version, SEEN).toBe(version);
}

/** What no role of the service may do. */
async function byOwner(statement: Statement): Promise<void> {
  const database = openDatabase({ url: bank.opened.ownerUrl, applicationName: 'test', poolSize: 1 });
  await database.execute(statement).finally(() => database.close());
}

async function accountWith(lines: number): Promise<string> {
  const { id } = await bank.open(alice);
  for (let number = 1; number <= lines; number += 1) bank.ledger.book(id, { amountMinor: 1n, reference: `v${number}` });
  await bank.deliver();
  return id;
}

it('answers the second look from the cache, byte for byte as the database does, at every length of a page', async () => {
  for (const lines of [0, 3, 50, 60]) {
    const id = await accountWith(lines);
    await page(id);
    await untilKept(id, lines + 1);
    for (const limit of [1, 2, 3, 25, 49, 50]) {
      const query = `?limit=${limit}`;
      let warm = '';
      const counted = await reads(async () => {
        warm = (await page(id, query)).text;
      });
      expect(counted).toEqual({ hit: 1 });
      expect(warm).toBe((await pageOfDatabase(id, query)).text);
    }
  }
});

it('leaves longer pages, later pages and searches to the database', async () => {
  const id = await accountWith(5);
  await page(id);
  await untilKept(id, 6);
  const counted = await reads(async () => {
    for (const query of ['?limit=51', '?cursor=4.0', '?q=v', '?direction=in', '?from=2026-01-01', '?category=other']) {
      expect((await page(id, query)).status).toBe(200);
    }
  });
  expect(counted).toEqual({});
});

it('is warm again before anybody asks when something was booked, and is never behind the database', async () => {
  const id = await accountWith(3);
  await page(id);
  await untilKept(id, 4);
  for (let version = 5; version <= 12; version += 1) {
    bank.ledger.book(id, { amountMinor: -1n, reference: `rent ${version}` }, { amountMinor: -1n, reference: 'fee' });
    await bank.deliver();
    expect((await page(id)).text).toContain(`rent ${version}`);
    await untilKept(id, version);
    const counted = await reads(async () => {
      expect((await page(id, '?limit=50')).text).toBe((await pageOfDatabase(id, '?limit=50')).text);
    });
    expect(counted).toEqual({ hit: 1 });
  }
});

it('does not follow accounts that nobody looks at', async () => {
  const id = await accountWith(3);
  bank.ledger.book(id, { amountMinor: 1n });
  await bank.deliver();
  expect(await bank.cache.newest(`lines:${id}`)).toBeUndefined();
});

it('sees by the version that an entry is old, when nobody told the cache', async () => {
  const id = await accountWith(3);
  await page(id);
  await untilKept(id, 4);
  const old = await bank.cache.newest(`lines:${id}`);
  bank.ledger.book(id, { amountMinor: 7n, reference: 'unheard' });
  await bank.deliver();
  await untilKept(id, 5);
  // As after a consumer that could not reach the cache.
  await bank.cache.delete(`lines:${id}`);
  await bank.cache.putNewer(`lines:${id}`, old ?? { version: 0, value: '' }, 60_000);
  const counted = await reads(async () => {
    expect((await page(id)).text).toContain('unheard');
  });
  expect(counted).toEqual({ stale: 1 });
});

it('keeps what is newer when an old event comes again, and shows a line that came late', async () => {
  const id = await accountWith(0);
  for (let number = 2; number <= 6; number += 1) bank.ledger.book(id, { amountMinor: 1n, reference: `v${number}` });
  const [v2, v3, v4, v5, v6] = bank.ledger.takeChanges().map(changeEvent);
  if (!v2 || !v3 || !v4 || !v5 || !v6) throw new Error('five changes expected');
  await bank.broker.publish([v2, v3, v5]);
  await page(id);
  await untilKept(id, 5);
  await bank.broker.publish([v2, v3]);
  await bank.broker.publish([v3]);
  expect(await reads(async () => void (await page(id)))).toEqual({ hit: 1 });
  await bank.broker.publish([v4]);
  await expect.poll(() => bank.cache.newest(`lines:${id}`), SEEN).toBeUndefined();
  expect((await page(id)).text).toContain('v4');
  await untilKept(id, 5);
  await bank.broker.publish([v6, v4, v5]);
  await untilKept(id, 6);
  expect((await page(id)).text).toBe((await pageOfDatabase(id, '?limit=25')).text);
});

it('believes no entry that is corrupt, or says another balance than the database, and mends it', async () => {
  const id = await accountWith(3);
  await page(id);
  await untilKept(id, 4);
  const good = await bank.cache.newest(`lines:${id}`);
  if (good === undefined) throw new Error('it was kept');
  const wrong = good.value.replace('"3"', '"4"');
  expect(wrong).not.toBe(good.value);
  for (const [value, answer] of [
    ['{"lines":', 'corrupt'],
    ['', 'corrupt'],
    [wrong, 'stale'],
  ] as const) {
    await bank.cache.delete(`lines:${id}`);
    await bank.cache.putNewer(`lines:${id}`, { version: 4, value }, 60_000);
    const counted = await reads(async () => {
      expect((await page(id)).text).toBe((await pageOfDatabase(id, '?limit=25')).text);
    });
    expect(counted).toEqual({ [answer]: 1 });
  }
});

it('answers nobody else, and somebody who is no longer an owner not from the next read on', async () => {
  const { id } = await bank.open(mallory);
  bank.ledger.book(id, { amountMinor: 1n, reference: 'secret' });
  await bank.deliver();
  await page(id, '', mallory);
  await untilKept(id, 2);
  expect(await reads(async () => void (await page(id, '', mallory)))).toEqual({ hit: 1 });
  const unknown = await page('018f0000-0000-7000-8000-000000000000', '', alice);
  for (const who of [alice, person('customer'), person('admin')]) {
    const refused = await page(id, '', who);
    expect(refused.text).not.toContain('secret');
    expect([403, 404]).toContain(refused.status);
  }
  const refused = await page(id);
  expect([refused.status, refused.body['code'], refused.body['detail']]).toEqual([
    404,
    unknown.body['code'],
    unknown.body['detail'],
  ]);
  await byOwner(sql`DELETE FROM account_owner WHERE account_id = ${id}`);
  expect((await page(id, '', mallory)).status).toBe(404);
  await byOwner(sql`INSERT INTO account_owner VALUES (${id}, ${alice.subject})`);
  expect((await page(id)).text).toContain('secret');
});

it('answers a reader who has seen more than the read model from the ledger, whatever the cache has', async () => {
  const id = await accountWith(3);
  await page(id);
  await untilKept(id, 4);
  bank.ledger.book(id, { amountMinor: 1n, reference: 'own' });
  bank.ledger.takeChanges();
  for (const least of [`${id}=5`, 'ledger']) {
    const headers = { 'florin-min-version': least };
    const counted = await reads(async () => {
      expect((await bank.call(alice, 'GET', `/v1/accounts/${id}/transactions`, { headers })).text).toContain('own');
    });
    expect(counted).toEqual({});
  }
});
