import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { Fault } from '@florin/primitives';
import type { KeyManagement, WrappedKey } from './key-management.ts';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const GCM = { authTagLength: TAG_BYTES };
const OTHERS = 0o077;

/** Key-encryption keys as they lie in a file: 32 random bytes each, base64url, by id. */
export interface LocalKeys {
  /** The id of the one that locks. The others are there to unlock what they locked. */
  readonly current: string;
  readonly keys: Readonly<Record<string, string>>;
}

/** One more key, which is the current one from now on. */
export function withNewKey(before: LocalKeys | undefined, id: string): LocalKeys {
  if (before?.keys[id] !== undefined) throw new Fault('key-file-invalid', `there is a key called ${id} already`);
  return { current: id, keys: { ...before?.keys, [id]: randomBytes(KEY_BYTES).toString('base64url') } };
}

/** Keeps key-encryption keys in memory, as `read` has them each time it is asked. */
export function localKeyManagement(read: () => LocalKeys): KeyManagement {
  return {
    currentKeyId: async () => read().current,
    async wrap(dataKey, context) {
      const { current, keys } = read();
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', bytesOf(current, keys[current]), iv, GCM);
      cipher.setAAD(aad(current, context));
      const body = Buffer.concat([cipher.update(dataKey), cipher.final()]);
      return { keyId: current, wrapped: Buffer.concat([iv, body, cipher.getAuthTag()]) };
    },
    async unwrap({ keyId, wrapped }, context) {
      const key = read().keys[keyId];
      if (key === undefined) throw wrongKey(`the key file does not hold the key ${keyId}`);
      return unlock(bytesOf(keyId, key), { keyId, wrapped }, context);
    },
  };
}

/**
 * The keys of a file that only its owner may read. It is read again when it changed, so that a new key is taken up by whoever
 * is running. Throws the Fault `key-file-invalid` in one sentence when it is missing, open to others or not what it should be.
 */
export function openKeyFile(path: string): KeyManagement {
  let known: { readonly version: string; readonly keys: LocalKeys } | undefined;
  const read = (): LocalKeys => {
    const version = versionOf(path);
    if (known?.version !== version) known = { version, keys: readKeyFile(path) };
    return known.keys;
  };
  read();
  return localKeyManagement(read);
}

/** What is in a key file. Faults as `openKeyFile` does. */
export function readKeyFile(path: string): LocalKeys {
  versionOf(path);
  let content: LocalKeys;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new Fault('key-file-invalid', `the key file ${path} is not JSON`, { cause });
  }
  const { current, keys } = content;
  if (typeof current !== 'string' || typeof keys !== 'object' || keys === null || keys[current] === undefined) {
    throw new Fault('key-file-invalid', `the key file ${path} does not say which of its keys is the current one`);
  }
  for (const [id, key] of Object.entries(keys)) bytesOf(id, key);
  return content;
}

function versionOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new Fault('key-file-invalid', `there is no key file at ${path}`);
  if ((found.mode & OTHERS) !== 0) {
    throw new Fault('key-file-invalid', `others than its owner may read the key file ${path}: make its mode 600`);
  }
  return `${found.ino}:${found.size}:${found.mtimeMs}`;
}

function bytesOf(id: string, key: unknown): Buffer {
  const bytes = typeof key === 'string' ? Buffer.from(key, 'base64url') : undefined;
  if (bytes?.length !== KEY_BYTES) {
    throw new Fault('key-file-invalid', `the key ${id} is not 32 bytes in base64url`);
  }
  return bytes;
}

function unlock(key: Buffer, { keyId, wrapped }: WrappedKey, context: string): Buffer {
  const bodyEnd = wrapped.byteLength - TAG_BYTES;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, IV_BYTES), GCM);
    decipher.setAAD(aad(keyId, context)).setAuthTag(wrapped.subarray(bodyEnd));
    return Buffer.concat([decipher.update(wrapped.subarray(IV_BYTES, bodyEnd)), decipher.final()]);
  } catch (cause) {
    throw wrongKey(`the key ${keyId} of the key file does not unlock ${context}`, cause);
  }
}

function aad(keyId: string, context: string): Buffer {
  return Buffer.from(`${keyId}\u0000${context}`);
}

function wrongKey(message: string, cause?: unknown): Fault {
  return new Fault('key-wrong', message, cause === undefined ? {} : { cause });
}
