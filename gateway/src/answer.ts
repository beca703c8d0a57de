import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Exchange } from './exchange.ts';
import { ACCOUNT_VERSION_HEADER } from './own-writes.ts';
import { pushRateLimit } from './rate-limits.ts';

/** What the gateway adds to every answer; `httpsOnly` asks browsers to never use plain http again (RFC 6797). */
export interface AnswerPolicy {
  readonly httpsOnly: boolean;
  /** Called when an answer says which accounts a write touched. The answer leaves when it resolves; it must not reject. */
  readonly wrote: (exchange: Exchange, versions: string) => Promise<void>;
}

/** The one form of `writeHead` we call. */
interface Head {
  writeHead(status: number, reason: string | undefined, headers: OutgoingHttpHeader[]): ServerResponse;
}

type Headers = OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined;

const STRICT_TRANSPORT_SECURITY = 'max-age=31536000; includeSubDomains';

/** A page of the issuer may not be framed or sniffed; its own policy, when it has one, takes this one's place. */
const PAGE_HEADERS = [
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['content-security-policy', "frame-ancestors 'none'"],
] as const;

/**
 * Stands between whoever answers and the wire. In one process a service writes to the response itself, so this is the
 * one place through which every head passes: what is for the gateway is taken out, the limits are put in.
 */
export function watchAnswer(exchange: Exchange, policy: AnswerPolicy): void {
  const { response } = exchange;
  if (exchange.route.isIdentity) for (const [name, value] of PAGE_HEADERS) response.setHeader(name, value);
  const { writeHead }: Head = response;
  response.writeHead = (status: number, reasonOrHeaders?: string | Headers, afterReason?: Headers) => {
    const hasReason = typeof reasonOrHeaders === 'string';
    const headers = flatHeaders(hasReason ? afterReason : reasonOrHeaders);
    const versions = takeVersions(response, headers);
    if (versions !== '') holdUntil(response, policy.wrote(exchange, versions));
    const { limit, take } = exchange;
    if (limit !== undefined && take !== undefined) pushRateLimit(headers, limit, take);
    if (policy.httpsOnly) headers.push('strict-transport-security', STRICT_TRANSPORT_SECURITY);
    return writeHead.call(response, status, hasReason ? reasonOrHeaders : undefined, headers);
  };
}

/** Node takes an object, a list of pairs, or a flat list, which is what nearly every answer of ours has already. */
function flatHeaders(given: Headers): OutgoingHttpHeader[] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) return Object.keys(given).flatMap((name) => pairsOf(name, given[name]));
  if (!Array.isArray(given[0])) return given;
  return given.flatMap((pair) => (Array.isArray(pair) ? pairsOf(pair[0] ?? '', pair[1]) : []));
}

/** A header with several values (`set-cookie`) is several lines. */
function pairsOf(name: string, value: OutgoingHttpHeader | undefined): OutgoingHttpHeader[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.flatMap((one) => [name, one]) : [name, value];
}

/** Takes out the one header that is ours to read, whichever way it was set; empty when it is not there. */
function takeVersions(response: ServerResponse, headers: OutgoingHttpHeader[]): string {
  const found: string[] = [];
  const earlier = response.getHeader(ACCOUNT_VERSION_HEADER);
  if (earlier !== undefined) {
    response.removeHeader(ACCOUNT_VERSION_HEADER);
    found.push(String(earlier));
  }
  for (let index = headers.length - 2; index >= 0; index -= 2) {
    const name = headers[index];
    if (typeof name !== 'string' || name.length !== ACCOUNT_VERSION_HEADER.length) continue;
    if (name.toLowerCase() !== ACCOUNT_VERSION_HEADER) continue;
    const [, versions] = headers.splice(index, 2);
    found.push(String(versions));
  }
  return found.join(',');
}

/** What is written in between; both pass on what they were called with. */
type Written = (this: ServerResponse, ...args: unknown[]) => unknown;

/**
 * Keeps back what is written to an answer. Node sends the head with the first of it; answers to writes are some KB, so
 * whoever writes is told to go on.
 */
function holdUntil(response: ServerResponse, isOver: Promise<void>): void {
  const { write, end } = response as unknown as { write: Written; end: Written };
  const held: (() => unknown)[] = [];
  const hold =
    (written: Written, answer: unknown): Written =>
    (...args) => {
      held.push(() => written.apply(response, args));
      return answer;
    };
  Object.assign(response, { write: hold(write, true), end: hold(end, response) });
  void isOver.then(() => {
    Object.assign(response, { write, end });
    for (const send of held) send();
  });
}
