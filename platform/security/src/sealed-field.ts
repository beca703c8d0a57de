import { createCipheriv, createDecipheriv, createHmac, type KeyObject, randomBytes } from 'node:crypto';
import { Fault, invariant } from '@florin/primitives';

/** Keys made from a setting sealed values of version 1. They are read and no longer written. */
const DERIVED_VERSION = 1;
const VERSION = 2;
export const DATA_KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const GCM = { authTagLength: TAG_BYTES };
const KEY_ID_BYTES = 4;
/** How many bytes at the front of a sealed value say what it is sealed with. */
export const SEALED_WITH_BYTES = 1 + KEY_ID_BYTES;
const DERIVED_HEADER_BYTES = 2;
const KEY_ID_MAX = 0xffff_ffff;
const BLIND_INDEX_BYTES = 16;

/** Says that the key of a value is not one of the service's but its row's own: of the customer whose row it is. */
export const OWN_KEY_ID = 0;

/** The front of every value that this key seals: version (1 byte), key id (4, most significant first). */
export function sealedWith(keyId: number): Buffer {
  invariant(Number.isInteger(keyId) && keyId >= 0 && keyId <= KEY_ID_MAX, 'a data key id outside 32 bits');
  const front = Buffer.alloc(SEALED_WITH_BYTES);
  front[0] = VERSION;
  front.writeUInt32BE(keyId, 1);
  return front;
}

/**
 * Seals one field with AES-256-GCM (NIST SP 800-38D). Layout: version (1 byte), key id (4), IV (12, random), ciphertext,
 * tag (16). `context` is `table.column|row`: a value moved to another row or column does not open. One key may seal at most
 * 2^32 fields with random IVs; whoever holds it counts.
 */
export function sealField(keyId: number, key: KeyObject, plain: string, context: string): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv, GCM).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  return Buffer.concat([sealedWith(keyId), iv, body, cipher.getAuthTag()]);
}

/**
 * The keys a value may need. Undefined where there is no such key. Key objects, because Node would make one of the bytes each
 * time: 45 us a field instead of 15.
 */
export interface OpeningKeys {
  dataKey(keyId: number): KeyObject | undefined;
  /** What values of version 1 were sealed with. */
  readonly derivedKey?: KeyObject | undefined;
}

/**
 * Opens a sealed field. Throws the Fault `ciphertext-invalid` when the bytes, the key or the context are not the ones it
 * was made with.
 */
export function openField(keys: OpeningKeys, sealed: Uint8Array, context: string): string {
  const isDerived = sealed[0] === DERIVED_VERSION;
  if (!isDerived && sealed[0] !== VERSION) throw invalidCiphertext();
  const headerBytes = isDerived ? DERIVED_HEADER_BYTES : SEALED_WITH_BYTES;
  const bodyStart = headerBytes + IV_BYTES;
  const bodyEnd = sealed.byteLength - TAG_BYTES;
  if (bodyEnd < bodyStart) throw invalidCiphertext();
  const key = isDerived ? derivedKey(keys, sealed) : keys.dataKey(keyIdOf(sealed));
  if (key === undefined) throw invalidCiphertext();
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(headerBytes, bodyStart), GCM)
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(bodyEnd));
  try {
    return decipher.update(sealed.subarray(bodyStart, bodyEnd), undefined, 'utf8') + decipher.final('utf8');
  } catch (cause) {
    throw invalidCiphertext(cause);
  }
}

/** There only ever was the one derived key, called 1. */
function derivedKey(keys: OpeningKeys, sealed: Uint8Array): KeyObject | undefined {
  return sealed[1] === 1 ? keys.derivedKey : undefined;
}

function keyIdOf(sealed: Uint8Array): number {
  return Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength).readUInt32BE(1);
}

/**
 * 16 bytes to search a sealed column by equality: HMAC-SHA256 over the field's name and the value after Unicode NFKC and
 * lower case, with a key of its own, so that whoever can search cannot read. Equal values show as equal, so only for fields
 * with many different values (e-mail).
 */
export function blindIndex(indexKey: Uint8Array, field: string, value: string): Buffer {
  const normalised = value.normalize('NFKC').toLowerCase();
  return createHmac('sha256', indexKey).update(`${field}\u0000${normalised}`).digest().subarray(0, BLIND_INDEX_BYTES);
}

function invalidCiphertext(cause?: unknown): Fault {
  return new Fault('ciphertext-invalid', 'an encrypted field does not decrypt', cause === undefined ? {} : { cause });
}
