import { describe, expect, it } from 'vitest';
import { BUCKET_COUNT, bucketOf, bucketOfCustomer, isUuid, newId, timeOfId, uuidInBucket } from './id.ts';

describe('ids', () => {
  it('are UUIDs of version 7 that carry their time and bucket', () => {
    const id = uuidInBucket(0xab, 0x0123456789ab, new Uint8Array([0xff, 0xff, 1, 2, 3, 4, 5, 6, 7]));
    expect(id).toBe('01234567-89ab-7fab-bf01-020304050607');
    expect(isUuid(id)).toBe(true);
    expect(timeOfId(id)).toBe(0x0123456789ab);
  });

  it('give back every bucket they were made in, and differ', () => {
    const seen = new Set<string>();
    for (let bucket = 0; bucket < BUCKET_COUNT; bucket += 1) {
      const id = newId(bucket);
      expect(isUuid(id)).toBe(true);
      expect(bucketOf(id)).toBe(bucket);
      seen.add(id);
    }
    expect(seen.size).toBe(BUCKET_COUNT);
  });

  it('spread customers over all buckets, the same in every process', () => {
    expect(bucketOfCustomer('01234567-89ab-7fab-bf01-020304050607')).toBe(BUCKET_OF_A_KNOWN_CUSTOMER);
    const counts = new Array<number>(BUCKET_COUNT).fill(0);
    const customers = 25_600;
    for (let index = 0; index < customers; index += 1) {
      const bucket = bucketOfCustomer(newId(0));
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(40);
    expect(Math.max(...counts)).toBeLessThan(200);
  });

  it('tell a UUID from what only looks like one', () => {
    for (const text of ['', 'x', '01234567-89AB-7fab-bf01-020304050607', '01234567-89ab-7fab-bf01-0203040506077']) {
      expect(isUuid(text)).toBe(false);
    }
  });
});

/** Frozen: were it to change, every customer would move to another shard. */
const BUCKET_OF_A_KNOWN_CUSTOMER = 247;
