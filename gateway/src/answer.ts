import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Exchange } from './exchange.ts';
import { ACCOUNT_VERSION_HEADER } from './own-writes.ts';
import { rateLimitHeaders } from './rate-limits.ts';

/** What the gateway adds to every answer; `httpsOnly` asks browsers to never use plain http again (RFC 6797). */
export interface AnswerPolicy {
  readonly httpsOnly: boolean;
  /** Called before the head of the answer leaves, when it says which accounts a write touched. */
  readonly wrote: (exchange: Exchange, versions: string) => void;
}

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined;

const STRICT_TRANSPORT_SECURITY = ['strict-transport-security', 'max-age=31536000; includeSubDomains'];

/** A page of the issuer may not be framed or sniffed; its own policy, when it has one, takes this one's place. */
const PAGE_HEADERS = [
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['content-security-policy', "frame-ancestors 'none'"],
] as const;

/**
 * Stands between whoever answers and the wire. In one process a service writes to the response itself, so this is the
 * one place through which every head passes: what is for the gateway is taken out, the limits are put in. It costs
 * one closure and about a microsecond an answer.
 */
export function watchAnswer(exchange: Exchange, policy: AnswerPolicy): void {
  const { response } = exchange;
  if (exchange.route.isIdentity) for (const [name, value] of PAGE_HEADERS) response.setHeader(name, value);
  const writeHead: ServerResponse['writeHead'] = response.writeHead.bind(response);
  response.writeHead = (status: number, reasonOrHeaders?: string | Headers, afterReason?: Headers) => {
    const given = typeof reasonOrHeaders === 'string' ? afterReason : reasonOrHeaders;
    const headers = ownHeaders(exchange, policy);
    takeVersions(exchange, policy, given, headers);
    return typeof reasonOrHeaders === 'string'
      ? writeHead(status, reasonOrHeaders, headers)
      : writeHead(status, headers);
  };
}

function ownHeaders(exchange: Exchange, policy: AnswerPolicy): OutgoingHttpHeader[] {
  const { limit, take } = exchange;
  const headers: OutgoingHttpHeader[] =
    limit !== undefined && take !== undefined ? [...rateLimitHeaders(limit, take)] : [];
  if (policy.httpsOnly) headers.push(...STRICT_TRANSPORT_SECURITY);
  return headers;
}

/** Copies the headers of the answer but for the one that is ours to read. */
function takeVersions(exchange: Exchange, policy: AnswerPolicy, given: Headers, headers: OutgoingHttpHeader[]): void {
  const { response } = exchange;
  const earlier = response.getHeader(ACCOUNT_VERSION_HEADER);
  if (earlier !== undefined) {
    response.removeHeader(ACCOUNT_VERSION_HEADER);
    policy.wrote(exchange, String(earlier));
  }
  for (const [name, value] of pairsOf(given)) {
    if (name.length === ACCOUNT_VERSION_HEADER.length && name.toLowerCase() === ACCOUNT_VERSION_HEADER) {
      policy.wrote(exchange, String(value));
    } else if (Array.isArray(value)) {
      for (const one of value) headers.push(name, one);
    } else if (value !== undefined) {
      headers.push(name, value);
    }
  }
}

/** Node takes an object, a flat list, or a list of pairs. */
function* pairsOf(given: Headers): Generator<readonly [string, OutgoingHttpHeader | undefined]> {
  if (given === undefined) return;
  if (!Array.isArray(given)) {
    for (const name of Object.keys(given)) yield [name, given[name]];
  } else if (Array.isArray(given[0])) {
    for (const pair of given) if (Array.isArray(pair)) yield [pair[0] ?? '', pair[1]];
  } else {
    for (let index = 0; index < given.length; index += 2) yield [String(given[index]), given[index + 1]];
  }
}
