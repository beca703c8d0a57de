import { expect, it } from 'vitest';
import type { AccountChange } from '../domain/account-change.ts';
import type { BalanceView } from '../domain/balance.ts';
import { createBalanceCache } from './balance-cache.ts';

function view(accountId: string, version: number): BalanceView {
  const amounts = { postedMinor: BigInt(version) * 100n, heldMinor: 0n, overdraftMinor: 0n };
  return { accountId, currency: 'EUR', owners: ['o'], version, ...amounts };
}

function change(accountId: string, version: number): AccountChange {
  const amounts = { postedMinor: `${version * 100}`, heldMinor: '0', overdraftMinor: '0' };
  return { accountId, version, currency: 'EUR', status: 'active', changedAt: '', lines: [], ...amounts };
}

/** A store whose answers are let go by hand. */
function store(rows: Map<string, BalanceView>) {
  const asked: string[][] = [];
  const gates: (() => void)[] = [];
  return {
    asked,
    letGo: () => gates.splice(0).forEach((open) => void open()),
    async find(accountIds: readonly string[]) {
      asked.push([...accountIds]);
      const read = accountIds.flatMap((id) => rows.get(id) ?? []);
      await new Promise<void>((resolve) => gates.push(resolve));
      return read;
    },
  };
}

const untilAsked = () => new Promise((resolve) => setTimeout(resolve, 5));

it('reads many accounts with one statement, and one account once for many readers', async () => {
  const rows = store(
    new Map([
      ['a', view('a', 1)],
      ['b', view('b', 1)],
    ]),
  );
  const cache = createBalanceCache({ find: rows.find, ttlMs: 60_000 });
  const loads = [cache.load('a'), cache.load('b'), cache.load('a'), cache.load('none')];
  await untilAsked();
  rows.letGo();
  expect((await Promise.all(loads)).map((found) => found?.accountId)).toEqual(['a', 'b', 'a', undefined]);
  expect(rows.asked).toEqual([['a', 'b', 'none']]);
  expect(cache.get('a')).toEqual(view('a', 1));
  expect(cache.get('none')).toBeUndefined();
});

it('is raised by what was committed, never lowered, and keeps only accounts that were read', async () => {
  const rows = store(new Map([['a', view('a', 3)]]));
  const cache = createBalanceCache({ find: rows.find, ttlMs: 60_000 });
  const loaded = cache.load('a');
  await untilAsked();
  rows.letGo();
  await loaded;
  cache.raise([change('a', 4), change('a', 2), change('b', 9)]);
  expect(cache.get('a')).toEqual(view('a', 4));
  expect(cache.get('b')).toBeUndefined();
});

it('does not keep an old row that was read before news of it came', async () => {
  const rows = store(new Map([['a', view('a', 3)]]));
  const cache = createBalanceCache({ find: rows.find, ttlMs: 60_000 });
  const loaded = cache.load('a');
  await untilAsked();
  cache.raise([change('a', 5), change('a', 4)]);
  rows.letGo();
  expect(await loaded).toEqual(view('a', 5));
  expect(cache.get('a')).toEqual(view('a', 5));
});

it('forgets when its time is over', async () => {
  const rows = store(new Map([['a', view('a', 1)]]));
  const cache = createBalanceCache({ find: rows.find, ttlMs: 0 });
  const loaded = cache.load('a');
  await untilAsked();
  rows.letGo();
  await loaded;
  expect(cache.get('a')).toBeUndefined();
});

it('passes a failure to every reader and tries again', async () => {
  let fails = true;
  const cache = createBalanceCache({
    async find() {
      if (fails) throw new Error('away');
      return [view('a', 1)];
    },
    ttlMs: 60_000,
  });
  const loads = [cache.load('a'), cache.load('a')];
  for (const load of loads) await expect(load).rejects.toThrow('away');
  fails = false;
  expect(await cache.load('a')).toEqual(view('a', 1));
});

it('stays within its bound', async () => {
  const cache = createBalanceCache({ find: async (ids) => ids.map((id) => view(id, 1)), ttlMs: 60_000 });
  await Promise.all(Array.from({ length: 20_500 }, (_, index) => cache.load(String(index))));
  const kept = Array.from({ length: 20_500 }, (_, index) => cache.get(String(index))).filter(Boolean);
  expect(kept).toHaveLength(20_000);
  expect(cache.get('20499')).toBeDefined();
  expect(cache.get('0')).toBeUndefined();
});
