import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { type Ask, cookiesOf, type Method, PUBLIC_URL, type Seen } from '../asking.ts';
import { type AttackedBank, PASSWORD } from '../attacked-bank.ts';

export const CALLBACK = 'https://ledgerly.example/callback';
const RANDOM_BYTES = 32;

export interface KeyPair {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
  readonly thumbprint: string;
}

export async function newKeyPair(alg = 'ES256'): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const publicJwk = await exportJWK(publicKey);
  return { privateKey, publicJwk, thumbprint: await calculateJwkThumbprint(publicJwk) };
}

/** Somebody else's program, as a whole or a step at a time, each of which can be done otherwise. */
export interface Program {
  readonly id: string;
  /** What it proves itself with. */
  readonly key: KeyPair;
  /** What its tokens are bound to. */
  readonly tokenKey: KeyPair;
}

/** Makes a program known to the bank, as an administrator does. */
export async function registerProgram(attacked: AttackedBank, admin: string, name: string): Promise<Program> {
  const [key, tokenKey] = [await newKeyPair(), await newKeyPair()];
  const body = {
    name,
    redirectUris: [CALLBACK],
    scopes: ['accounts:read', 'payments:write'],
    keys: [{ ...key.publicJwk, kid: 'one' }],
  };
  const seen = await attacked.ask({ method: 'POST', path: '/v1/admin/clients', token: admin, body });
  if (seen.status !== 201) throw new Error(`registering ${name} answered ${seen.status}: ${seen.text}`);
  return { id: String(seen.body['id']), key, tokenKey };
}

type Changes = Readonly<Record<string, unknown>>;

/** A client assertion (RFC 7523) that is good but for what is changed. */
export function assertionOf(
  { id, key }: Pick<Program, 'id' | 'key'>,
  claims: Changes = {},
  header: Changes = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const all = { iss: id, sub: id, aud: PUBLIC_URL, jti: randomUUID(), iat: now, exp: now + 60, ...claims };
  return new SignJWT(JSON.parse(JSON.stringify(all)))
    .setProtectedHeader({ alg: 'ES256', kid: 'one', ...header })
    .sign(key.privateKey);
}

/** A DPoP proof that is good but for what is changed; `undefined` removes a claim. */
export function proofOf(key: KeyPair, method: string, path: string, claims: Changes = {}, header: Changes = {}) {
  const now = Math.floor(Date.now() / 1_000);
  const all = { jti: randomUUID(), htm: method, htu: `${PUBLIC_URL}${path.split('?')[0]}`, iat: now, ...claims };
  const protectedHeader = { alg: 'ES256', typ: 'dpop+jwt', jwk: key.publicJwk, ...header };
  return new SignJWT(JSON.parse(JSON.stringify(all)))
    .setProtectedHeader(JSON.parse(JSON.stringify(protectedHeader)))
    .sign(key.privateKey);
}

export function athOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

export function paymentDetail(toIban: string, amount = '12.50', more: Changes = {}): string {
  return JSON.stringify([{ type: 'payment', toIban, amount: { amount, currency: 'EUR' }, ...more }]);
}

/** The parameters of a good request, and the verifier that goes with them. */
export function requestOf(program: Pick<Program, 'id'>, more: Readonly<Record<string, string | undefined>> = {}) {
  const verifier = randomBytes(RANDOM_BYTES).toString('base64url');
  const params: Record<string, string | undefined> = {
    client_id: program.id,
    response_type: 'code',
    redirect_uri: CALLBACK,
    scope: 'openid accounts:read',
    state: randomUUID(),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  };
  return { verifier, params };
}

export function form(fields: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given).toString();
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

export interface SentForm {
  readonly assertion?: string;
  readonly proof?: string;
}

/** Sends a form to an endpoint of the issuer, with a good assertion unless another is given. */
export async function sendForm(
  ask: Ask,
  program: Program,
  path: string,
  fields: Readonly<Record<string, string | undefined>>,
  sent: SentForm = {},
): Promise<Seen> {
  const assertion = sent.assertion ?? (await assertionOf(program));
  return ask({
    method: 'POST',
    path,
    text: form({ client_assertion_type: ASSERTION_TYPE, client_assertion: assertion, ...fields }),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(sent.proof === undefined ? {} : { dpop: sent.proof }),
    },
  });
}

/** Pushes a request; answers its `request_uri`. */
export async function pushed(
  ask: Ask,
  program: Program,
  params: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const seen = await sendForm(ask, program, '/oidc/par', params);
  if (seen.status !== 201) throw new Error(`PAR answered ${seen.status}: ${seen.text}`);
  return String(seen.body['request_uri']);
}

/** Cookies by name and path, as a browser keeps them. */
export function openCookies(ask: Ask) {
  const jar = new Map<string, { readonly pair: string; readonly path: string }>();
  return async (method: Method, address: string, body?: object): Promise<Seen> => {
    const { pathname, search } = new URL(address, PUBLIC_URL);
    const cookie = [...jar.values()].filter(({ path }) => pathname.startsWith(path)).map(({ pair }) => pair);
    const headers = cookie.length === 0 ? {} : { cookie: cookie.join('; ') };
    const seen = await ask({ method, path: `${pathname}${search}`, headers, ...(body === undefined ? {} : { body }) });
    for (const line of cookiesOf(seen)) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const path = attributes.find((one) => /^path=/i.test(one))?.slice('path='.length) ?? '/';
      const name = pair.slice(0, pair.indexOf('='));
      if (pair.endsWith('=')) jar.delete(`${name} ${path}`);
      else jar.set(`${name} ${path}`, { pair, path });
    }
    return seen;
  };
}

export type Cookies = ReturnType<typeof openCookies>;

/** A customer's browser goes from the program to the question what it may do; answers the address of the question. */
export async function toConsent(cookies: Cookies, program: Program, requestUri: string, login: string) {
  const begun = await cookies('GET', `/oidc/auth?${form({ client_id: program.id, request_uri: requestUri })}`);
  const typed = await cookies('POST', String(begun.headers.location), { login, password: PASSWORD });
  if (typed.status !== 200) throw new Error(`the sign-in answered ${typed.status}: ${typed.text}`);
  const asked = await cookies('GET', String(typed.body['location']));
  return String(asked.headers.location);
}

/** What the customer's answer leads to: the address that goes back to the program. */
export async function answerConsent(cookies: Cookies, consent: string, answer: 'consent' | 'cancel'): Promise<URL> {
  const given = await cookies('POST', `${consent}/${answer}`);
  if (given.status !== 200) throw new Error(`the consent answered ${given.status}: ${given.text}`);
  const back = await cookies('GET', String(given.body['location']));
  return new URL(String(back.headers.location));
}

export interface Redeemable {
  readonly code: string;
  readonly verifier: string;
}

/** A code for what a program asks for, which this customer allowed. */
export async function codeFor(
  attacked: AttackedBank,
  program: Program,
  login: string,
  more: Readonly<Record<string, string | undefined>> = {},
): Promise<Redeemable> {
  const { params, verifier } = requestOf(program, more);
  const cookies = openCookies(attacked.ask);
  const consent = await toConsent(cookies, program, await pushed(attacked.ask, program, params), login);
  const back = await answerConsent(cookies, consent, 'consent');
  return { code: back.searchParams.get('code') ?? '', verifier };
}

export async function redeem(
  ask: Ask,
  program: Program,
  { code, verifier }: Redeemable,
  sent: SentForm & { readonly redirectUri?: string } = {},
): Promise<Seen> {
  const proof = sent.proof ?? (await proofOf(program.tokenKey, 'POST', '/oidc/token'));
  return sendForm(
    ask,
    program,
    '/oidc/token',
    { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: sent.redirectUri ?? CALLBACK },
    { ...sent, proof },
  );
}

/** Asks the API as the program does: the token, and a proof of the key it is bound to. */
export async function askBound(
  ask: Ask,
  program: Pick<Program, 'tokenKey'>,
  token: string,
  request: { readonly method?: Method; readonly path: string; readonly key?: string; readonly body?: unknown },
): Promise<Seen> {
  const { method = 'GET', path } = request;
  const dpop = await proofOf(program.tokenKey, method, path, { ath: athOf(token) });
  return ask({ ...request, headers: { authorization: `DPoP ${token}`, dpop } });
}

/** For how many seconds from now the youngest of a kind is good; the database's clock decides what is over. */
export async function lifetimeOf({ stores }: AttackedBank, model: string): Promise<number> {
  const [row] = await stores.harm(
    'users',
    'SELECT extract(epoch FROM max(expires_at) - now())::float AS seconds FROM oidc_record WHERE model = $1',
    [model],
  );
  return (row as { seconds: number }).seconds;
}

/** What of a kind is there has become as old as it may. */
export const passTheirTime = ({ stores }: AttackedBank, model: string) =>
  stores.harm('users', 'UPDATE oidc_record SET expires_at = now() WHERE model = $1', [model]);
