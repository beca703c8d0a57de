import { randomUUID } from 'node:crypto';
import type { Role } from '@florin/contracts';
import { type CryptoKey, exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';
import { PUBLIC_URL } from './asking.ts';

/** Makes access tokens with a key that the bank under attack accepts beside the issuer's, so nobody hashes a password. */
export interface Forge {
  readonly publicKeys: JSONWebKeySet;
  readonly key: CryptoKey;
  /** A good token of this person. */
  token(subject: string, roles: readonly Role[]): Promise<string>;
  /** A good token but for what is changed; `undefined` removes a claim. Signed with `key` when absent. */
  changed(change: {
    readonly claims?: Readonly<Record<string, unknown>>;
    readonly header?: Readonly<Record<string, unknown>>;
    readonly key?: CryptoKey;
  }): Promise<string>;
  /** The header and the claims of a good token, for those who sign them otherwise. */
  parts(claims?: Readonly<Record<string, unknown>>): {
    readonly header: Readonly<Record<string, unknown>>;
    readonly claims: Readonly<Record<string, unknown>>;
  };
}

const KEY_ID = 'attacks';
const LIFETIME_SECONDS = 3_600;

export async function createForge(): Promise<Forge> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const publicKeys = { keys: [{ ...(await exportJWK(publicKey)), kid: KEY_ID, alg: 'ES256', use: 'sig' }] };

  const parts: Forge['parts'] = (claims = {}) => {
    const now = Math.floor(Date.now() / 1_000);
    return {
      header: { alg: 'ES256', typ: 'at+jwt', kid: KEY_ID },
      claims: {
        iss: PUBLIC_URL,
        aud: `${PUBLIC_URL}/v1`,
        client_id: 'florin-cli',
        scope: 'bank',
        jti: randomUUID(),
        iat: now - 1,
        exp: now + LIFETIME_SECONDS,
        ...claims,
      },
    };
  };

  const changed: Forge['changed'] = ({ claims = {}, header = {}, key = privateKey }) => {
    const good = parts(claims);
    const payload = JSON.parse(JSON.stringify(good.claims));
    return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', ...good.header, ...header }).sign(key);
  };

  return {
    publicKeys,
    key: privateKey,
    parts,
    changed,
    token: (subject, roles) => changed({ claims: { sub: subject, roles, sid: `sid-of-${subject}` } }),
  };
}

/** A part of a token, as it is written. */
export function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
