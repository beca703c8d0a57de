import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Executor } from '@florin/postgres';
import { Fault, invariant } from '@florin/primitives';
import { DATA_KEY_BYTES, type KeyManagement, OWN_KEY_ID, openField, sealedWith, sealField } from '@florin/security';
import { addUses, type DataKeyRow, insertDataKey, readDataKeys, rewriteWrapped } from './data-key-rows.ts';

/** Random IVs of 96 bits bear so many values under one key (NIST SP 800-38D section 8.3). */
const USES_MAX = 2 ** 32;
/** What a crash leaves uncounted is a few seconds' worth, far less than the other half. */
const NEXT_KEY_AT_USES = 2n ** 31n;
/** Every instance looks at the keys much more often than this before the next one seals. */
const SEALS_AFTER_MS = 30_000;
/** Only an instance that slept through that time meets a key it does not know, and then it looks within this. */
const LEARNT_SECONDS = 2;

/** The own key of one customer, as sealed in `customer_key`, and what it does. */
export interface CustomerKey {
  seal(plain: string, context: string): Buffer;
  open(sealed: Uint8Array, context: string): string;
}

/** Seals and opens the columns of one service. Its keys are in memory, so nobody waits for a key. */
export interface DataKeys {
  /** Seals with the newest data key. `context` is `table.column|row`. */
  seal(plain: string, context: string): Buffer;
  /**
   * Throws the Fault `ciphertext-invalid`; and `data-key-unknown` for a key that this instance has not learnt yet, which it
   * will in seconds.
   */
  open(sealed: Uint8Array, context: string): string;
  /** A new key for a customer, sealed, to be stored in `customer_key`. */
  newCustomerKey(customerId: string): Buffer;
  /** Opens the own key of a customer. What the service's keys sealed for them before they had one, it opens as well. */
  customerKey(customerId: string, keySealed: Uint8Array): CustomerKey;
  /** The front of what the newest data key seals: a value with another one is to be sealed again. */
  front(): { readonly keyId: number; readonly bytes: Buffer };
  /** Learns new keys, counts uses, locks keys with the newest key-encryption key, and makes the next data key in time. */
  refresh(): Promise<void>;
}

export interface DataKeyOptions {
  /** Whose they are: a data key of another service does not unlock. */
  readonly service: string;
  readonly database: Executor;
  readonly management: KeyManagement;
  /** What values of version 1 were sealed with. */
  readonly derivedKey?: Buffer | undefined;
  readonly sealsAfterMs?: number;
}

interface Ring {
  readonly keys: Map<number, KeyObject>;
  currentId: number;
  /** Of the current key, as the database knew it. */
  uses: number;
  /** What was sealed since, by key. */
  readonly uncounted: Map<number, number>;
}

/**
 * Opens the data keys of a service, and makes the first when there is none. Throws the Fault `key-wrong`, in one sentence,
 * when the key-encryption keys are not those that locked them: a service that cannot read its data does not start.
 */
export async function openDataKeys(options: DataKeyOptions): Promise<DataKeys> {
  const ring: Ring = { keys: new Map(), currentId: 0, uses: 0, uncounted: new Map() };
  await refresh(ring, options);
  const derivedKey = options.derivedKey === undefined ? undefined : createSecretKey(options.derivedKey);

  const seal = (plain: string, context: string): Buffer => {
    const key = ring.keys.get(ring.currentId);
    invariant(key !== undefined, 'the data key that seals is not in memory');
    const uncounted = ring.uncounted.get(ring.currentId) ?? 0;
    if (ring.uses + uncounted >= USES_MAX) throw new Fault('data-key-worn', 'a data key sealed all it may');
    ring.uncounted.set(ring.currentId, uncounted + 1);
    return sealField(ring.currentId, key, plain, context);
  };
  const openWith = (ownKey: KeyObject | undefined, sealed: Uint8Array, context: string): string =>
    openField({ derivedKey, dataKey: (id) => (id === OWN_KEY_ID ? ownKey : known(ring, id)) }, sealed, context);
  const open = (sealed: Uint8Array, context: string): string => openWith(undefined, sealed, context);

  return {
    seal,
    open,
    newCustomerKey: (customerId) =>
      seal(randomBytes(DATA_KEY_BYTES).toString('base64url'), customerKeyContext(customerId)),
    customerKey(customerId, keySealed) {
      const key = createSecretKey(open(keySealed, customerKeyContext(customerId)), 'base64url');
      return {
        seal: (plain, context) => sealField(OWN_KEY_ID, key, plain, context),
        open: (sealed, context) => openWith(key, sealed, context),
      };
    },
    front: () => ({ keyId: ring.currentId, bytes: sealedWith(ring.currentId) }),
    refresh: () => refresh(ring, options),
  };
}

/** Where the own key of a customer is sealed to. */
export function customerKeyContext(customerId: string): string {
  return `customer_key.key|${customerId}`;
}

function known(ring: Ring, id: number): KeyObject {
  const key = ring.keys.get(id);
  if (key !== undefined) return key;
  throw new Fault('data-key-unknown', `this instance does not know the data key ${id} yet`, {
    retryable: true,
    retryAfterSeconds: LEARNT_SECONDS,
  });
}

async function refresh(ring: Ring, options: DataKeyOptions): Promise<void> {
  const { database } = options;
  await countUses(ring, database);
  let rows = await readDataKeys(database);
  if (rows.length === 0) {
    await makeKey(options, { id: 1, delayMs: 0 });
    rows = await readDataKeys(database);
  }
  for (const row of rows) {
    if (ring.keys.has(row.id)) continue;
    ring.keys.set(row.id, createSecretKey(await options.management.unwrap(row, lockContext(options, row.id))));
  }
  const current = rows.find(({ seals }) => seals);
  invariant(current !== undefined, 'no data key may seal yet');
  ring.currentId = current.id;
  ring.uses = Number(current.uses);
  await rewrap(ring, options, rows);
  const [newest] = rows;
  if (newest === current && (current.isNextWanted || current.uses >= NEXT_KEY_AT_USES)) {
    await makeKey(options, { id: current.id + 1, delayMs: options.sealsAfterMs ?? SEALS_AFTER_MS });
  }
}

async function countUses(ring: Ring, database: Executor): Promise<void> {
  for (const [id, uses] of ring.uncounted) {
    await addUses(database, id, uses);
    // What was sealed while that went on stays to be counted.
    const more = (ring.uncounted.get(id) ?? 0) - uses;
    if (more === 0) ring.uncounted.delete(id);
    else ring.uncounted.set(id, more);
  }
}

async function makeKey(options: DataKeyOptions, { id, delayMs }: { id: number; delayMs: number }): Promise<void> {
  const wrapped = await options.management.wrap(randomBytes(DATA_KEY_BYTES), lockContext(options, id));
  await insertDataKey(options.database, { ...wrapped, id, delayMs });
}

/** Locks with the newest key-encryption key what an older one locked. */
async function rewrap(ring: Ring, options: DataKeyOptions, rows: readonly DataKeyRow[]): Promise<void> {
  const currentKekId = await options.management.currentKeyId();
  for (const { id, keyId } of rows) {
    if (keyId === currentKekId) continue;
    await rewriteWrapped(
      options.database,
      id,
      keyId,
      await options.management.wrap(known(ring, id).export(), lockContext(options, id)),
    );
  }
}

function lockContext({ service }: DataKeyOptions, id: number): string {
  return `data_key|${service}|${id}`;
}
