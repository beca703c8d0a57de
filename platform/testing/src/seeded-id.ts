import { createHash } from 'node:crypto';
import { type NewId, uuidInBucket } from '@florin/primitives';

/** 2026-01-01T00:00:00Z: ids of tests sort by the order they were made in, one millisecond apart. */
const FIRST_ID_MS = 1_767_225_600_000;

/** Ids that repeat from run to run: the n-th id of a seed is always the same. */
export function seededNewId(seed: number | string): NewId {
  let count = 0;
  return (bucket) => {
    count += 1;
    const random = createHash('sha256').update(`${seed}:${count}`).digest();
    return uuidInBucket(bucket, FIRST_ID_MS + count, random);
  };
}
