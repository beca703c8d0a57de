import { describe, expect, it } from 'vitest';
import { cacheContract } from './cache-contract.ts';
import { gcra } from './gcra.ts';
import { memoryCache } from './memory-cache.ts';

cacheContract('the memory cache', () => {
  let nowMs = 1_780_000_000_000;
  return Promise.resolve({
    cache: memoryCache({ clock: () => nowMs }),
    advance(ms: number) {
      nowMs += ms;
      return Promise.resolve();
    },
  });
});

describe('the memory cache', () => {
  it('is bounded: the least recently used goes', async () => {
    const cache = memoryCache({ clock: () => 0, entriesMax: 3 });
    for (const key of ['a', 'b', 'c']) await cache.set(key, key, 1_000);
    await cache.get('a');
    await cache.set('d', 'd', 1_000);
    expect(await cache.get('a')).toBe('a');
    expect(await cache.get('b')).toBeUndefined();
  });

  it('is bounded by the characters of long values as well', async () => {
    const cache = memoryCache({ clock: () => 0 });
    const value = 'x'.repeat(32_000);
    for (let index = 0; index < 1_200; index += 1) await cache.putNewer(`${index}`, { version: 1, value }, 1_000);
    expect(await cache.newest('0')).toBeUndefined();
    expect(await cache.newest('1199')).toBeDefined();
    const kept = await Promise.all(Array.from({ length: 1_200 }, (_, index) => cache.newest(`${index}`)));
    const characters = kept.reduce((sum, entry) => sum + (entry?.value.length ?? 0), 0);
    expect(characters).toBeLessThanOrEqual(32 * 1024 * 1024);
    expect(characters).toBeGreaterThan(30 * 1024 * 1024);
  });

  it('keeps limits when values flood it', async () => {
    const cache = memoryCache({ clock: () => 0, entriesMax: 3 });
    const limit = { ratePerSecond: 1, burst: 1 };
    await cache.take('caller', limit);
    for (let index = 0; index < 10; index += 1) await cache.set(`${index}`, '', 1_000);
    expect((await cache.take('caller', limit)).allowed).toBe(false);
  });

  it('has raised a version before the call returns', () => {
    const cache = memoryCache({ clock: () => 0 });
    void cache.raise('k', 'x', 7, 1_000);
    return expect(cache.fields('k')).resolves.toEqual(new Map([['x', 7]]));
  });
});

describe('gcra', () => {
  it('lets no more than rate times time plus burst through, wherever the window starts', () => {
    const limit = { ratePerSecond: 3, burst: 7 };
    let arrivalUs: number | undefined;
    const allowedAtMs: number[] = [];
    for (let nowMs = 0; nowMs < 20_000; nowMs += 10) {
      const step = gcra(arrivalUs, nowMs, limit, 1);
      arrivalUs = step.arrivalUs;
      if (step.take.allowed) allowedAtMs.push(nowMs);
    }
    for (const startMs of allowedAtMs) {
      const inOneSecond = allowedAtMs.filter((atMs) => atMs >= startMs && atMs < startMs + 1_000).length;
      expect(inOneSecond).toBeLessThanOrEqual(limit.ratePerSecond + limit.burst);
    }
    expect(allowedAtMs.length).toBeGreaterThanOrEqual(3 * 20 + 6);
    expect(allowedAtMs.length).toBeLessThanOrEqual(3 * 20 + 7);
  });

  it.each([7, 11, 13, 300, 999])('lets exactly the burst through at %s a second', (ratePerSecond) => {
    let arrivalUs: number | undefined;
    let allowed = 0;
    for (let index = 0; index < 2_500; index += 1) {
      const step = gcra(arrivalUs, 1_780_000_000_000, { ratePerSecond, burst: 2_000 }, 1);
      arrivalUs = step.arrivalUs;
      if (step.take.allowed) allowed += 1;
    }
    expect(allowed).toBe(2_000);
  });
});
