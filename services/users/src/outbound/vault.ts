import { createHmac, createPrivateKey, hkdfSync } from 'node:crypto';
import type { DataKeys } from '@florin/data-keys';
import { blindIndex } from '@florin/security';
import type { OkpKey, Vault } from '../domain/vault.ts';

const KEY_BYTES = 32;

/** Opens the vault. `hashKey` is 32 random bytes from the settings; without it nobody and nothing is found. */
export function openVault(hashKey: Buffer, keys: DataKeys): Vault {
  const derive = (purpose: string): Buffer => derived(hashKey, purpose);
  const indexKey = derive('blind-index');
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
    seal: keys.seal,
    open: keys.open,
    newCustomerKey: keys.newCustomerKey,
    customerKey: keys.customerKey,
    index: (field, value) => blindIndex(indexKey, field, value),
    hash: (kind, value) => createHmac('sha256', hashKeys[kind]).update(value).digest(),
    webClientKey: signingKeyOf(derive('web-client-key')),
    dpopNonceSecret: derive('dpop-nonce'),
    fingerprint: derive('fingerprint'),
  };
}

/** What fields were sealed with before there were data keys. */
export function derivedFieldKey(hashKey: Buffer): Buffer {
  return derived(hashKey, 'field');
}

/** A key for one purpose (HKDF, RFC 5869). */
function derived(hashKey: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', hashKey, Buffer.alloc(0), `florin.users.${purpose}.v1`, KEY_BYTES));
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
