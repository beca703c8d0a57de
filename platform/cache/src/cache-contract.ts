import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cache, FIELDS_MAX, VERSIONED_CHARACTERS_MAX } from './cache.ts';

/** An open cache and the way to let time pass for it: a fake clock, or real waiting for a real server. */
export interface OpenCache {
  readonly cache: Cache<string>;
  advance(ms: number): Promise<void>;
}

/** What every adapter of the cache port promises; each adapter's test file runs it. */
export function cacheContract(name: string, open: () => Promise<OpenCache>): void {
  describe(`${name} keeps the contract of the cache port`, () => {
    let opened: OpenCache;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(async () => opened.cache.close());
    valuesContract(() => opened);
    versionsContract(() => opened);
    newestContract(() => opened);
    limitsContract(() => opened);
  });
}

function valuesContract(opened: () => OpenCache): void {
  it('gives back what was set, until it is deleted or its time is over', async () => {
    const { cache, advance } = opened();
    expect(await cache.get('a')).toBeUndefined();
    await cache.set('a', 'one', 200);
    await cache.set('b', '', 60_000);
    expect(await cache.get('a')).toBe('one');
    expect(await cache.get('b')).toBe('');
    await advance(250);
    expect(await cache.get('a')).toBeUndefined();
    await cache.delete('b');
    expect(await cache.get('b')).toBeUndefined();
    await cache.delete('never there');
  });

  it('lets a later value win, with its own time', async () => {
    const { cache, advance } = opened();
    await cache.set('a', 'one', 60_000);
    await cache.set('a', 'two', 100);
    expect(await cache.get('a')).toBe('two');
    await advance(150);
    expect(await cache.get('a')).toBeUndefined();
  });
}

function versionsContract(opened: () => OpenCache): void {
  it('keeps the largest version of every field, in any order of arrival', async () => {
    const { cache } = opened();
    expect((await cache.fields('k')).size).toBe(0);
    await Promise.all([
      cache.raise('k', 'x', 3, 60_000),
      cache.raise('k', 'x', 5, 60_000),
      cache.raise('k', 'x', 4, 60_000),
      cache.raise('k', 'y', 1, 60_000),
    ]);
    expect(Object.fromEntries(await cache.fields('k'))).toEqual({ x: 5, y: 1 });
    await cache.delete('k');
    expect((await cache.fields('k')).size).toBe(0);
  });

  it('forgets the fields of a key some time after the last raise', async () => {
    const { cache, advance } = opened();
    await cache.raise('k', 'x', 9, 300);
    await advance(200);
    await cache.raise('k', 'y', 1, 300);
    await advance(200);
    expect(Object.fromEntries(await cache.fields('k'))).toEqual({ x: 9, y: 1 });
    await advance(150);
    expect((await cache.fields('k')).size).toBe(0);
  });

  it('is bounded: the field raised longest ago goes first', async () => {
    const { cache } = opened();
    for (let field = 0; field < FIELDS_MAX; field += 1) await cache.raise('k', `f${field}`, 1, 60_000);
    await cache.raise('k', 'f0', 2, 60_000);
    await cache.raise('k', 'new', 1, 60_000);
    const fields = await cache.fields('k');
    expect(fields.size).toBe(FIELDS_MAX);
    expect(fields.get('f0')).toBe(2);
    expect(fields.get('new')).toBe(1);
    expect(fields.has('f1')).toBe(false);
  });
}

/** Fewer where every command crosses a wire. */
const ORDERS_TRIED = 50;

function newestContract(opened: () => OpenCache): void {
  it('keeps the newest value, whichever comes last, and says which were kept', async () => {
    const { cache, advance } = opened();
    expect(await cache.newest('k')).toBeUndefined();
    expect(await cache.putNewer('k', { version: 2, value: 'two: é' }, 60_000)).toBe(true);
    expect(await cache.putNewer('k', { version: 1, value: 'one' }, 60_000)).toBe(false);
    expect(await cache.putNewer('k', { version: 2, value: 'two again' }, 60_000)).toBe(false);
    expect(await cache.newest('k')).toEqual({ version: 2, value: 'two: é' });
    expect(await cache.putNewer('k', { version: 3, value: '' }, 100)).toBe(true);
    await advance(150);
    expect(await cache.newest('k')).toBeUndefined();
    expect(await cache.putNewer('k', { version: 1, value: 'one' }, 60_000)).toBe(true);
    expect(await cache.newest('k')).toEqual({ version: 1, value: 'one' });
    await cache.delete('k');
    expect(await cache.newest('k')).toBeUndefined();
  });

  it('orders by number and not by text, up to the largest there is', async () => {
    const { cache } = opened();
    for (const version of [9, 10, 100, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER]) {
      expect(await cache.putNewer('k', { version, value: `v${version}` }, 60_000)).toBe(true);
    }
    expect(await cache.putNewer('k', { version: 99, value: 'old' }, 60_000)).toBe(false);
    const { MAX_SAFE_INTEGER: version } = Number;
    expect(await cache.newest('k')).toEqual({ version, value: `v${version}` });
  });

  it('keeps nothing that is longer than it may be', async () => {
    const { cache } = opened();
    const longest = 'x'.repeat(VERSIONED_CHARACTERS_MAX);
    expect(await cache.putNewer('k', { version: 1, value: longest }, 60_000)).toBe(true);
    expect(await cache.putNewer('k', { version: 2, value: `${longest}x` }, 60_000)).toBe(false);
    expect((await cache.newest('k'))?.version).toBe(1);
  });

  it('never goes back, in whatever order two writers put the versions of a key', async () => {
    const { cache } = opened();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(shuffledTwice, async ([one, other]) => {
        round += 1;
        const key = `order${round}`;
        let seen = 0;
        const write = async (versions: readonly number[]): Promise<void> => {
          for (const version of versions) {
            const wasKept = await cache.putNewer(key, { version, value: `v${version}` }, 60_000);
            const found = await cache.newest(key);
            // What one writer has seen, nobody sees older.
            expect(found?.value).toBe(`v${found?.version}`);
            expect(found?.version).toBeGreaterThanOrEqual(wasKept ? Math.max(seen, version) : seen);
            seen = Math.max(seen, found?.version ?? 0);
          }
        };
        await Promise.all([write(one), write(other)]);
        expect((await cache.newest(key))?.version).toBe(Math.max(...one, ...other));
      }),
      { numRuns: ORDERS_TRIED },
    );
  });
}

const versions = Array.from({ length: 12 }, (_, index) => index + 1);
/** The same versions for two writers, each in an order of its own and with some of them missing. */
const shuffledTwice = fc.tuple(
  fc.shuffledSubarray(versions, { minLength: 1 }),
  fc.shuffledSubarray(versions, { minLength: 1 }),
);

function limitsContract(opened: () => OpenCache): void {
  it('lets exactly the burst through when many come at once', async () => {
    const { cache } = opened();
    // One an hour: not one more can become free while a slow machine runs this test.
    const takes = await Promise.all(
      Array.from({ length: 500 }, () => cache.take('k', { ratePerSecond: 1 / 3600, burst: 100 })),
    );
    expect(takes.filter((take) => take.allowed)).toHaveLength(100);
    expect(takes[0]).toMatchObject({ allowed: true, remaining: 99, retryAfterMs: 0 });
    expect(takes[99]).toMatchObject({ allowed: true, remaining: 0 });
    const refused = takes[499];
    expect(refused).toMatchObject({ allowed: false, remaining: 0 });
    expect(refused?.retryAfterMs).toBeGreaterThan(3_500_000);
    expect(refused?.retryAfterMs).toBeLessThanOrEqual(3_600_000);
  });

  it('gives back at the rate, after the time it named and not before', async () => {
    const { cache, advance } = opened();
    const limit = { ratePerSecond: 5, burst: 2 };
    await cache.take('k', limit);
    await cache.take('k', limit);
    const refused = await cache.take('k', limit);
    expect(refused.allowed).toBe(false);
    await advance(refused.retryAfterMs);
    expect((await cache.take('k', limit)).allowed).toBe(true);
    expect((await cache.take('k', limit)).allowed).toBe(false);
  });

  it('counts every key for itself, takes more than one at a time, and charges nothing for a refusal', async () => {
    const { cache } = opened();
    const limit = { ratePerSecond: 1 / 3600, burst: 10 };
    expect((await cache.take('a', limit, 8)).remaining).toBe(2);
    expect((await cache.take('a', limit, 3)).allowed).toBe(false);
    expect((await cache.take('a', limit, 2)).allowed).toBe(true);
    expect((await cache.take('b', limit)).remaining).toBe(9);
    expect((await cache.take('c', limit, 11)).allowed).toBe(false);
  });
}
