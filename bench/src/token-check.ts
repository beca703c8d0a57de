import { createHash, randomUUID } from 'node:crypto';
import { memoryCache } from '@florin/cache';
import { systemClock } from '@florin/primitives';
import {
  createAccessTokenVerifier,
  createDenylist,
  createProofVerifier,
  PROOF_REMEMBERED_SECONDS,
} from '@florin/security';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';

const ISSUER = 'https://bank.example';
const AUDIENCE = `${ISSUER}/v1`;
const PATH = `${ISSUER}/v1/accounts`;
const LIFETIME_SECONDS = 300;
/** Cached checks are too quick for the clock one by one; each figure is the mean of so many. */
const KNOWN_CHECKS = 200_000;
const NEW_TOKENS = 1_000;
const PROOFS = 1_000;
const MICROSECONDS_PER_MILLISECOND = 1_000;

/** Processor time of this process for one check, in microseconds. */
export interface TokenCheck {
  readonly what: string;
  readonly cpuUs: number;
}

/** What the gateway spends on a token: one it knows (and whether it was revoked), one it sees first, and a proof of a key. */
export async function benchTokenCheck(): Promise<readonly TokenCheck[]> {
  const issuer = await generateKeyPair('ES256', { extractable: true });
  const client = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(client.publicKey);
  const keyThumbprint = await calculateJwkThumbprint(jwk);
  const published = { keys: [{ ...(await exportJWK(issuer.publicKey)), kid: 'bench', alg: 'ES256', use: 'sig' }] };
  const verifier = createAccessTokenVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    jwks: async () => published,
    clock: systemClock,
  });
  const denylist = createDenylist({ clock: systemClock });
  const nowSeconds = Math.floor(systemClock() / MICROSECONDS_PER_MILLISECOND);
  const mint = () =>
    new SignJWT({ client_id: 'bench', scope: 'bank', roles: ['customer'], cnf: { jkt: keyThumbprint } })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'bench' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(randomUUID())
      .setJti(randomUUID())
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + LIFETIME_SECONDS)
      .sign(issuer.privateKey);
  const tokens = await Promise.all(Array.from({ length: NEW_TOKENS }, mint));
  const [accessToken = ''] = tokens;
  const ath = createHash('sha256').update(accessToken).digest('base64url');
  const proofs = await Promise.all(
    Array.from({ length: PROOFS }, () =>
      new SignJWT({ htm: 'GET', htu: PATH, ath })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setJti(randomUUID())
        .setIssuedAt(nowSeconds)
        .sign(client.privateKey),
    ),
  );

  const first = await cpuOf('a token seen first', NEW_TOKENS, async () => {
    for (const token of tokens) await verifier.verify(token);
  });
  const known = await cpuOf('a token that is known', KNOWN_CHECKS, async () => {
    for (let check = 0; check < KNOWN_CHECKS; check += 1) {
      const token = verifier.verify(tokens[check % NEW_TOKENS] ?? '');
      if (token === undefined || token instanceof Promise) throw new Error('the token is not remembered');
      denylist.isRevoked(token, token.issuedAtSeconds);
    }
  });
  const cache = memoryCache({ clock: systemClock });
  const once = { ratePerSecond: 1 / PROOF_REMEMBERED_SECONDS, burst: 1 };
  const proofVerifier = createProofVerifier({
    clock: systemClock,
    isFirst: async (id) => (await cache.take(id, once)).allowed,
  });
  const proven = await cpuOf('a proof of a key', PROOFS, async () => {
    for (const proof of proofs) {
      const isGood = await proofVerifier.verify(proof, { method: 'GET', url: PATH, accessToken, keyThumbprint });
      if (!isGood) throw new Error('a good proof was refused');
    }
  });
  return [known, first, proven];
}

async function cpuOf(what: string, times: number, work: () => Promise<void>): Promise<TokenCheck> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { what, cpuUs: (user + system) / times };
}

/** As it is printed. */
export function tokenCheckTable(checks: readonly TokenCheck[]): string {
  return checks
    .map(({ what, cpuUs }) => `${what.padEnd(24)}${cpuUs.toFixed(2).padStart(9)} us of processor time`)
    .join('\n');
}
