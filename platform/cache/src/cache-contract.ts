import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cache, FIELDS_MAX } from './cache.ts';

/** An open cache and the way to let time pass for it: a fake clock, or real waiting for a real server. */
export interface OpenCache {
  readonly cache: Cache;
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
