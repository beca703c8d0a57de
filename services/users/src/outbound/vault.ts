import { createHmac, hkdfSync } from 'node:crypto';
import { createFieldCipher } from '@florin/security';
import type { Vault } from '../domain/vault.ts';

const KEY_BYTES = 32;

/** Opens the vault. `keyEncryptionKey` is 32 random bytes from the settings; without it the database is unreadable. */
export function openVault(keyEncryptionKey: Buffer): Vault {
  const derive = (purpose: string): Buffer =>
    Buffer.from(hkdfSync('sha256', keyEncryptionKey, Buffer.alloc(0), `florin.users.${purpose}.v1`, KEY_BYTES));
  const cipher = createFieldCipher({
    keys: { currentKeyId: 1, encryptionKeys: { 1: derive('field') }, indexKey: derive('blind-index') },
  });
  const hashKeys = {
    'oidc-id': derive('oidc-id'),
    'web-session': derive('web-session'),
    csrf: derive('csrf'),
    interaction: derive('interaction'),
    'recovery-code': derive('recovery-code'),
    'passkey-challenge': derive('passkey-challenge'),
    'mailed-token': derive('mailed-token'),
    'known-device': derive('known-device'),
    'wrong-password': derive('wrong-password'),
  };
  return {
    seal: (plain, context) => cipher.encrypt(plain, context),
    open: (sealed, context) => cipher.decrypt(sealed, context),
    index: (field, value) => cipher.blindIndex(field, value),
    hash: (kind, value) => createHmac('sha256', hashKeys[kind]).update(value).digest(),
    webClientSecret: derive('web-client').toString('base64url'),
  };
}
