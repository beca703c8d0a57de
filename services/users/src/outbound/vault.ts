import { createHmac, createPrivateKey, hkdfSync } from 'node:crypto';
import { createFieldCipher } from '@florin/security';
import type { OkpKey, Vault } from '../domain/vault.ts';

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
  };
  return {
    seal: (plain, context) => cipher.encrypt(plain, context),
    open: (sealed, context) => cipher.decrypt(sealed, context),
    index: (field, value) => cipher.blindIndex(field, value),
    hash: (kind, value) => createHmac('sha256', hashKeys[kind]).update(value).digest(),
    webClientKey: signingKeyOf(derive('web-client-key')),
    dpopNonceSecret: derive('dpop-nonce'),
  };
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410 section 7). */
const ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Any 32 bytes are a key of Ed25519 (RFC 8032 section 5.1.5). */
function signingKeyOf(seed: Buffer): Vault['webClientKey'] {
  const key = createPrivateKey({ key: Buffer.concat([ED25519_PREFIX, seed]), format: 'der', type: 'pkcs8' });
  const { x = '' } = key.export({ format: 'jwk' });
  const publicJwk: OkpKey = { kty: 'OKP', crv: 'Ed25519', x, kid: 'florin-web' };
  return { publicJwk, privateJwk: { ...publicJwk, d: seed.toString('base64url') } };
}
