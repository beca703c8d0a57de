/** Makes a new id in a bucket; injected so tests can make ids that repeat from a seed. */
export type NewId = (bucket: number) => string;

/** How many buckets customers are spread over. Buckets map to shards, so this number can never change. */
export const BUCKET_COUNT = 256;

/**
 * A UUID of version 7 (RFC 9562 section 5.7: 48 bits of time, then random bits) whose bits 56 to 63, the last two
 * digits of the third group, hold the bucket of the customer it belongs to. The shard of a thing can therefore be
 * read from its id, and ids made later sort later, which keeps B-tree inserts on the right-hand page.
 */
export function uuidInBucket(bucket: number, atMs: number, random: Uint8Array): string {
  const time = atMs.toString(16).padStart(12, '0');
  const randomA = ((random[0] ?? 0) & 0x0f).toString(16);
  const bucketHex = bucket.toString(16).padStart(2, '0');
  const variant = (((random[1] ?? 0) & 0x3f) | 0x80).toString(16);
  let tail = '';
  for (let index = 2; index < 9; index += 1) tail += HEX[random[index] ?? 0];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomA}${bucketHex}-${variant}${tail.slice(0, 2)}-${tail.slice(2)}`;
}

/** The bucket an id was made in, 0 to 255. */
export function bucketOf(id: string): number {
  return Number.parseInt(id.slice(16, 18), 16);
}

/** When an id was made, in milliseconds since 1970: the first 48 bits of a UUID of version 7 (RFC 9562 section 5.7). */
export function timeOfId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** The bucket of a customer: FNV-1a over the id, so it is spread evenly and the same in every process and language. */
export function bucketOfCustomer(customerId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < customerId.length; index += 1) {
    hash = Math.imul(hash ^ customerId.charCodeAt(index), 0x01000193);
  }
  return (hash ^ (hash >>> 16)) & 0xff;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a text is a UUID in its canonical lower-case form. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

const POOL_IDS = 128;
const BYTES_PER_ID = 9;
const randomPool = new Uint8Array(POOL_IDS * BYTES_PER_ID);
let randomPoolUsed = randomPool.length;

/** Makes ids from the machine's clock and random source; random bytes are drawn for 128 ids at a time. */
export const newId: NewId = (bucket) => {
  if (randomPoolUsed === randomPool.length) {
    globalThis.crypto.getRandomValues(randomPool);
    randomPoolUsed = 0;
  }
  const random = randomPool.subarray(randomPoolUsed, randomPoolUsed + BYTES_PER_ID);
  randomPoolUsed += BYTES_PER_ID;
  return uuidInBucket(bucket, Date.now(), random);
};
