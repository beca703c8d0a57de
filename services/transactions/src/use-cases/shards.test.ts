import { makeIban } from '@florin/money';
import { BUCKET_COUNT, newId } from '@florin/primitives';
import { describe, expect, it } from 'vitest';
import { createShards, shardOfBucket } from './shards.ts';

const four = createShards(['a', 'b', 'c', 'd']);

describe('the shard of a bucket', () => {
  it.each([1, 2, 3, 4, 7, 16])('of %i: neighbours stay together, and each has as many as the next', (count) => {
    const shards = Array.from({ length: BUCKET_COUNT }, (_, bucket) => shardOfBucket(bucket, count));
    expect(shards).toEqual(shards.toSorted((a, b) => a - b));
    const sizes = Array.from({ length: count }, (_, shard) => shards.filter((each) => each === shard).length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  it('is read from ids and IBANs alike', () => {
    for (const [bucket, shard] of [
      [0, 'a'],
      [63, 'a'],
      [64, 'b'],
      [255, 'd'],
    ] as const) {
      expect([four.ofId(newId(bucket)), four.ofIban(makeIban('NL', 'FLRN', bucket, 1))]).toEqual([shard, shard]);
    }
  });

  it('is some shard, where nothing will be found, for what is no id or IBAN of ours', () => {
    for (const text of ['', 'nonsense', '00000000-0000-0000-00zz-000000000000']) expect(four.ofId(text)).toBe('a');
    for (const text of ['', 'NL', 'NL00FLRN9990000000', 'DE02120300000000202051'])
      expect(four.all).toContain(four.ofIban(text));
  });

  it('is the home of a customer, always the same one', () => {
    const home = four.ofCustomer('0193a1b2-0000-7000-8000-000000000000');
    expect(four.all.filter((shard) => four.isHome('0193a1b2-0000-7000-8000-000000000000', shard))).toEqual([home]);
    const homes = new Set(Array.from({ length: 100 }, (_, index) => four.ofCustomer(`customer ${index}`)));
    expect([...homes].sort()).toEqual(['a', 'b', 'c', 'd']);
  });
});

it('of one shard everything is in it', () => {
  const one = createShards(['only']);
  expect([one.ofId('x'), one.ofIban('x'), one.ofCustomer('x'), one.isHome('x', 'only')]).toEqual([
    'only',
    'only',
    'only',
    true,
  ]);
});
