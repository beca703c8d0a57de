import { ACCOUNTS_PER_CUSTOMER_MAX } from './account.ts';

/** Up to which version a listener has been told of each account. */
export type VersionVector = ReadonlyMap<string, number>;

/** The form of the text, so that another one can be told from it. */
const FORM = '1.';
const TEXT = /^1\.[A-Za-z0-9_-]*$/;
const ID_BYTES = 16;
const VERSION_BYTES = 6;
const ENTRY_BYTES = ID_BYTES + VERSION_BYTES;

/** A vector as text that fits a header and a URL: 16 bytes of id and 6 of version an account, in base64url. */
export function writeVector(vector: VersionVector): string {
  const bytes = Buffer.alloc(vector.size * ENTRY_BYTES);
  let at = 0;
  for (const [accountId, version] of vector) {
    bytes.write(accountId.replaceAll('-', ''), at, 'hex');
    bytes.writeUIntBE(version, at + ID_BYTES, VERSION_BYTES);
    at += ENTRY_BYTES;
  }
  return FORM + bytes.toString('base64url');
}

/**
 * Reads what somebody sent as a vector: nothing of a text that is none. Whoever makes one up learns nothing by it,
 * because it only ever leaves things out of what is theirs to see.
 */
export function readVector(text: string): Map<string, number> {
  const vector = new Map<string, number>();
  if (!TEXT.test(text)) return vector;
  const bytes = Buffer.from(text.slice(FORM.length), 'base64url');
  if (bytes.length % ENTRY_BYTES !== 0 || bytes.length > ACCOUNTS_PER_CUSTOMER_MAX * ENTRY_BYTES) return vector;
  for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
    const hex = bytes.toString('hex', at, at + ID_BYTES);
    const accountId = hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    vector.set(accountId, bytes.readUIntBE(at + ID_BYTES, VERSION_BYTES));
  }
  return vector;
}
