import type { IncomingMessage } from 'node:http';

/** What happens to a header on its way in. Numbers, because every header of every request is looked up. */
const KEEP = 0;
const DROP = 1;
const AUTHORIZATION = 2;
const COOKIE = 3;
const CONNECTION = 4;
const CSRF = 5;
const HOST = 6;
const PROOF = 7;

/**
 * Headers that say who is asking, where from, or which path was meant, as some proxy or framework would believe them.
 * We believe none: what services need to know is in the internal token.
 */
const SPOOFABLE: ReadonlySet<string> = new Set([
  'forwarded',
  'remote-user',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-real-ip',
  'x-cluster-client-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'fastly-client-ip',
]);
const SPOOFABLE_PREFIXES = [
  'x-user',
  'x-role',
  'x-remote',
  'x-auth',
  'x-internal',
  'x-florin',
  'florin-',
  'x-forwarded',
  'x-original',
  'x-rewrite',
  'x-client-',
  'x-ssl-client',
];

/**
 * Headers of one hop (RFC 9110 section 7.6.1), and `expect`, which Node answered already. `transfer-encoding` stays:
 * it describes the body, which in one process is still unread; between processes the forwarding client frames it anew.
 */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
  'http2-settings',
  'expect',
]);

/** Naming one of these in `Connection` must not remove it: it would change what the body or the target is. */
const FRAMING: ReadonlySet<string> = new Set(['host', 'content-length', 'transfer-encoding', 'content-type']);

/** Clients use a few dozen spellings; the bound keeps made-up names from filling the memory. */
const FATES_MAX = 1_000;
const fates = new Map<string, number>();

function fateOf(rawName: string): number {
  const known = fates.get(rawName);
  if (known !== undefined) return known;
  const fate = decideFate(rawName.toLowerCase());
  if (fates.size < FATES_MAX) fates.set(rawName, fate);
  return fate;
}

function decideFate(name: string): number {
  if (name === 'authorization') return AUTHORIZATION;
  if (name === 'cookie') return COOKIE;
  if (name === 'connection') return CONNECTION;
  if (name === 'x-florin-csrf') return CSRF;
  if (name === 'host') return HOST;
  if (name === 'dpop') return PROOF;
  // Some servers read `X_User_Id` as `X-User-Id` (CGI variables do), so an underscore is a way round every list.
  if (name.includes('_') || SPOOFABLE.has(name) || HOP_BY_HOP.has(name)) return DROP;
  return SPOOFABLE_PREFIXES.some((prefix) => name.startsWith(prefix)) ? DROP : KEEP;
}

/** What was found on the way. */
export interface CleanedHeaders {
  /** How many `Authorization` headers came; more than one is ambiguous, because Node keeps only the first. */
  readonly authorizations: number;
  /** How many `Host` headers came: with two, a proxy in front may have read the other one (RFC 9112 section 3.2). */
  readonly hosts: number;
  /** How many `DPoP` headers came; Node joins them into one. */
  readonly proofs: number;
}

/**
 * Removes in place what must not reach a service, from `headers` and from `rawHeaders`, which some code reads instead.
 *
 * @param passesCredentials for the routes of the issuer, which reads cookies, client credentials, proofs and the CSRF
 *   header itself; all other services get none of the four, and `setInternalToken` must follow
 */
export function cleanRequestHeaders(request: IncomingMessage, passesCredentials: boolean): CleanedHeaders {
  const { rawHeaders, headers } = request;
  const named = namedByConnection(headers.connection);
  let authorizations = 0;
  let hosts = 0;
  let proofs = 0;
  let kept = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const fate = fateOf(name);
    if (fate === AUTHORIZATION) authorizations += 1;
    if (fate === HOST) hosts += 1;
    if (fate === PROOF) proofs += 1;
    let stays = fate === KEEP || fate === HOST;
    if (fate === AUTHORIZATION || fate === COOKIE || fate === CSRF || fate === PROOF) stays = passesCredentials;
    // Plain `keep-alive` and `close` speak of this connection only and are harmless to who reads them in this process.
    else if (fate === CONNECTION) stays = named === undefined;
    if (named?.has(name.toLowerCase())) stays = false;
    if (!stays) {
      // Emptied here and replaced or removed below: deleting it now would turn the object into a slow dictionary.
      if (fate === AUTHORIZATION) headers.authorization = '';
      else delete headers[name.toLowerCase()];
      continue;
    }
    if (kept !== index) {
      rawHeaders[kept] = name;
      rawHeaders[kept + 1] = rawHeaders[index + 1] ?? '';
    }
    kept += 2;
  }
  rawHeaders.length = kept;
  return { authorizations, hosts, proofs };
}

function namedByConnection(connection: string | undefined): ReadonlySet<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  const names = connection.split(',').map((name) => name.trim().toLowerCase());
  return new Set(names.filter((name) => !FRAMING.has(name)));
}

/** Puts our token where the caller's was; without one, nothing. */
export function setInternalToken(request: IncomingMessage, token: string | undefined): void {
  if (token === undefined) delete request.headers.authorization;
  else setRequestHeader(request, 'authorization', `Bearer ${token}`);
}

/** Sets a header of ours, in both places. The name is lower case and was removed or never there. */
export function setRequestHeader(request: IncomingMessage, name: string, value: string): void {
  request.headers[name] = value;
  request.rawHeaders.push(name, value);
}

/** Replaces a header that may be there once (`host`). */
export function replaceRequestHeader(request: IncomingMessage, name: string, value: string): void {
  const { rawHeaders } = request;
  let kept = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const rawName = rawHeaders[index] ?? '';
    if (rawName.toLowerCase() === name) continue;
    rawHeaders[kept] = rawName;
    rawHeaders[kept + 1] = rawHeaders[index + 1] ?? '';
    kept += 2;
  }
  rawHeaders.length = kept;
  setRequestHeader(request, name, value);
}
