import { createHmac } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { encoded, type Forge } from './forge.ts';

/** A way to make a token of this person that must be good for nothing. */
export type Forgery = (forge: Forge, subject: string) => Promise<string>;

const KEY_CONFUSION = 'HS256';
const SKEW_SECONDS = 5;
/** More than any token of ours, less than the limit of the head of a request. */
const LARGE = 10_000;

const now = () => Math.floor(Date.now() / 1_000);
const claimsOf = (subject: string) => ({ sub: subject, roles: ['customer', 'admin'] });

/** A token whose header says `alg`, with this text in place of its signature. */
function unsigned(forge: Forge, subject: string, alg: string, signature: string): string {
  const { header, claims } = forge.parts(claimsOf(subject));
  return `${encoded({ ...header, alg })}.${encoded(claims)}.${signature}`;
}

const withClaims =
  (claims: () => Readonly<Record<string, unknown>>): Forgery =>
  (forge, subject) =>
    forge.changed({ claims: { ...claimsOf(subject), ...claims() } });

const withHeader =
  (header: Readonly<Record<string, unknown>>): Forgery =>
  (forge, subject) =>
    forge.changed({ claims: claimsOf(subject), header });

/** By case and name: every one must be refused like no token at all. */
export const FORGERIES: Readonly<Record<string, Forgery>> = {
  'T01: alg none, no signature': async (forge, subject) => unsigned(forge, subject, 'none', ''),
  'T01: alg NONE, with the signature of a good token': async (forge, subject) => {
    const good = await forge.token(subject, ['customer']);
    return unsigned(forge, subject, 'NONE', good.split('.')[2] ?? '');
  },
  'T02: HS256 with our public key as the secret': async (forge, subject) => {
    const [jwk] = forge.publicKeys.keys;
    const publicKey = await importJWK({ ...jwk, ext: true }, 'ES256', { extractable: true });
    const { header, claims } = forge.parts(claimsOf(subject));
    const body = `${encoded({ ...header, alg: KEY_CONFUSION })}.${encoded(claims)}`;
    const secret = await exportSPKI(publicKey as CryptoKey);
    return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
  },
  'T03: a key in its header': async (forge, subject) => {
    const own = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(own.publicKey);
    return forge.changed({ claims: claimsOf(subject), header: { jwk }, key: own.privateKey });
  },
  'T03: a key id that is a path': withHeader({ kid: '../../dev/null' }),
  'T03: an address of keys': withHeader({ jku: 'http://127.0.0.1:9/keys' }),
  'T03: an address of certificates': withHeader({ x5u: 'http://127.0.0.1:9/cert' }),
  'T03: an extension that must be understood': async (forge, subject) => {
    const { header, claims } = forge.parts(claimsOf(subject));
    const good = await forge.token(subject, ['customer']);
    return `${encoded({ ...header, crit: ['exp-v2'], 'exp-v2': 1 })}.${encoded(claims)}.${good.split('.')[2]}`;
  },
  'T04: a key id that was made up': withHeader({ kid: 'made-up' }),
  'T05: for another audience': withClaims(() => ({ aud: 'http://other.example' })),
  'T05: of another issuer': withClaims(() => ({ iss: 'http://evil.example' })),
  'T05: an ID token': withHeader({ typ: 'JWT' }),
  'T05: a logout token': withHeader({ typ: 'logout+jwt' }),
  'T05: of a service': withClaims(() => ({ sub: 'service:gateway', kind: 'service' })),
  'T06: expired': withClaims(() => ({ exp: now() - SKEW_SECONDS - 1 })),
  'T06: not yet valid': withClaims(() => ({ nbf: now() + SKEW_SECONDS + 2 })),
  'T06: without an end': withClaims(() => ({ exp: undefined })),
  'T06: without an id': withClaims(() => ({ jti: undefined })),
  'T06: of nobody': withClaims(() => ({ sub: undefined })),
  'T06: a signature of zeros': async (forge, subject) =>
    unsigned(forge, subject, 'ES256', Buffer.alloc(64).toString('base64url')),
  'T06: claims changed after it was signed': async (forge, subject) => {
    const [header, , signature] = (await forge.token('somebody-else', ['customer'])).split('.');
    return `${header}.${encoded(forge.parts(claimsOf(subject)).claims)}.${signature}`;
  },
  'T06: longer than any of ours': withClaims(() => ({ padding: 'x'.repeat(LARGE) })),
  'T06: signed with a key of one’s own': async (forge, subject) => {
    const { privateKey } = await generateKeyPair('ES256');
    const { header, claims } = forge.parts(claimsOf(subject));
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', ...header }).sign(privateKey);
  },
};
