import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { Fault, invariant } from '@florin/primitives';

const VERSION = 1;
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const GCM = { authTagLength: TAG_BYTES };
const HEADER_BYTES = 2;
const BLIND_INDEX_BYTES = 16;

/** Keys of 32 bytes. New values are written with the current one; the others are there to read older values. */
export interface FieldKeys {
  /** 1 to 255: stored in one byte. */
  readonly currentKeyId: number;
  readonly encryptionKeys: Readonly<Record<number, Uint8Array>>;
  /** Of its own, so that whoever can search cannot read. It can never be replaced without rewriting every index. */
  readonly indexKey: Uint8Array;
}

export interface FieldCipher {
  /** `context` is `table.column|rowId`: a value moved to another row or column no longer decrypts. */
  encrypt(plain: string, context: string): Buffer;
  /** Throws the Fault `ciphertext-invalid` when the bytes, the key or the context are not the ones it was made with. */
  decrypt(bytes: Uint8Array, context: string): string;
  /**
   * 16 bytes to search an encrypted column by equality: HMAC-SHA256 over the field's name and the value after Unicode
   * NFKC and lower case. Equal values show as equal, so only for fields with many different values (e-mail).
   */
  blindIndex(field: string, value: string): Buffer;
}

/**
 * Encrypts single fields with AES-256-GCM (NIST SP 800-38D). Layout: version (1 byte), key id (1), IV (12, random),
 * ciphertext, tag (16). One key may encrypt at most 2^32 fields with random IVs: replace it long before.
 */
export function createFieldCipher(options: { readonly keys: FieldKeys }): FieldCipher {
  const { currentKeyId, encryptionKeys, indexKey } = options.keys;
  invariant(Number.isInteger(currentKeyId) && currentKeyId >= 1 && currentKeyId <= 255, 'a key id outside 1 to 255');
  for (const key of [indexKey, ...Object.values(encryptionKeys)]) {
    invariant(key.byteLength === KEY_BYTES, 'a field key is not 32 bytes');
  }
  const currentKey = encryptionKeys[currentKeyId];
  invariant(currentKey !== undefined, 'the current field key is missing');

  return {
    encrypt(plain, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', currentKey, iv, GCM).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION, currentKeyId), iv, body, cipher.getAuthTag()]);
    },
    decrypt(bytes, context) {
      const key = encryptionKeys[bytes[1] ?? 0];
      const bodyEnd = bytes.byteLength - TAG_BYTES;
      const bodyStart = HEADER_BYTES + IV_BYTES;
      if (bytes[0] !== VERSION || key === undefined || bodyEnd < bodyStart) throw invalidCiphertext();
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(HEADER_BYTES, bodyStart), GCM)
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(bodyEnd));
      try {
        return decipher.update(bytes.subarray(bodyStart, bodyEnd), undefined, 'utf8') + decipher.final('utf8');
      } catch (cause) {
        throw invalidCiphertext(cause);
      }
    },
    blindIndex(field, value) {
      const normalised = value.normalize('NFKC').toLowerCase();
      return createHmac('sha256', indexKey)
        .update(`${field}\u0000${normalised}`)
        .digest()
        .subarray(0, BLIND_INDEX_BYTES);
    },
  };
}

function invalidCiphertext(cause?: unknown): Fault {
  return new Fault('ciphertext-invalid', 'an encrypted field does not decrypt', cause === undefined ? {} : { cause });
}
