import { randomUUID } from 'node:crypto';
import { BUCKET_COUNT, bucketOf } from '@florin/primitives';

/** Someone who calls the bank, with a token that is good for the whole run and the accounts they own. */
export interface Caller {
  readonly token: string;
  readonly accountIds: readonly string[];
}

/** How the two sides of a transfer are booked together. */
export type Way = 'local' | 'choreographed' | 'saga' | 'two-phase';

/** What the load generator sends. */
export type Traffic =
  | { readonly kind: 'hello' }
  | { readonly kind: 'transfer' | 'balance'; readonly callers: readonly Caller[] }
  /** Between accounts of one shard (`local`) or of both, of a ledger of two. */
  | { readonly kind: 'coordinated'; readonly way: Way; readonly callers: readonly Caller[] }
  /** Wrong passwords for ever other names, in a sign-in that was begun. */
  | { readonly kind: 'guess'; readonly path: string; readonly cookie: string }
  | { readonly kind: 'batch'; readonly callers: readonly Caller[]; readonly itemsPerBatch: number };

/** Makes HTTP/1.1 requests as text, and says how much one answer is worth. */
export interface RequestSource {
  next(): string;
  /** How many units of work (transfers, reads) an answer acknowledges. */
  worth(status: number, body: Buffer): number;
}

const AMOUNT_CENTS_MAX = 1_000;
/** Of the ledger that coordinated transfers go to. */
export const SHARDS = 2;
/** A transfer whose idempotency key begins so is choreographed. */
export const CHOREOGRAPHED_KEY = 'choreographed-';
const ITEM_DONE = '"status":201';

/** A stream of requests over accounts drawn uniformly: the caller is the owner of the debit account. */
export function requestsOf(traffic: Traffic, seed: number): RequestSource {
  switch (traffic.kind) {
    case 'hello':
      return { next: () => requestText('GET', '/', ''), worth: okOnly };
    case 'balance':
      return balanceReads(traffic.callers, drawer(seed));
    case 'transfer':
      return singleTransfers(traffic.callers, drawer(seed));
    case 'coordinated':
      return coordinatedTransfers(traffic.way, traffic.callers, drawer(seed));
    case 'guess':
      return guesses(traffic.path, traffic.cookie);
    case 'batch':
      return transferBatches(traffic.callers, traffic.itemsPerBatch, drawer(seed));
  }
}

function balanceReads(callers: readonly Caller[], draw: Draw): RequestSource {
  const accounts = accountsOf(callers);
  return {
    next() {
      const { id, owner } = pick(accounts, draw);
      return requestText('GET', `/v1/accounts/${id}/balance`, signedBy(owner));
    },
    worth: okOnly,
  };
}

function singleTransfers(callers: readonly Caller[], draw: Draw): RequestSource {
  const accounts = accountsOf(callers);
  const nextKey = keyMaker();
  return {
    next() {
      const from = pick(accounts, draw);
      const headers = `${signedBy(from.owner)}idempotency-key: ${nextKey()}\r\n`;
      return requestText('POST', '/v1/transfers', headers, `{${transferFields(from.id, accounts, draw)}}`);
    },
    worth: (status) => (status === 201 ? 1 : 0),
  };
}

function coordinatedTransfers(way: Way, callers: readonly Caller[], draw: Draw): RequestSource {
  const accounts = accountsOf(callers);
  const shards = Array.from({ length: SHARDS }, (_, shard) => accounts.filter(({ id }) => shardOf(id) === shard));
  const nextKey = keyMaker();
  const apart = way === 'local' ? 0 : 1;
  const asked = way === 'two-phase' ? ',"coordination":"two-phase"' : '';
  const accepted = endsLater(way) ? 202 : 201;
  const prefix = way === 'choreographed' ? CHOREOGRAPHED_KEY : '';
  return {
    next() {
      const from = pick(accounts, draw);
      const payees = shards[(shardOf(from.id) + apart) % SHARDS] ?? [];
      const headers = `${signedBy(from.owner)}idempotency-key: ${prefix}${nextKey()}\r\n`;
      return requestText('POST', '/v1/transfers', headers, `{${transferFields(from.id, payees, draw)}${asked}}`);
    },
    worth: (status) => (status === accepted ? 1 : 0),
  };
}

/** Whether the answer to a request is that the transfer has begun, and its end is to be looked for. */
export function endsLater(way: Way): boolean {
  return way === 'saga' || way === 'choreographed';
}

/** Which shard of two an id belongs to, as the ledger spreads its buckets. */
export function shardOf(id: string): number {
  return Math.floor((bucketOf(id) * SHARDS) / BUCKET_COUNT);
}

function transferBatches(callers: readonly Caller[], itemsPerBatch: number, draw: Draw): RequestSource {
  const accounts = accountsOf(callers);
  const nextKey = keyMaker();
  return {
    next() {
      const owner = pick(callers, draw);
      const items = Array.from({ length: itemsPerBatch }, () => {
        return `{"key":"${nextKey()}",${transferFields(pick(owner.accountIds, draw), accounts, draw)}}`;
      });
      const headers = `${signedBy(owner)}idempotency-key: ${nextKey()}\r\n`;
      return requestText('POST', '/v1/transfer-batches', headers, `{"mode":"independent","items":[${items.join()}]}`);
    },
    worth: (status, body) => (status === 200 ? occurrences(body, ITEM_DONE) : 0),
  };
}

function guesses(path: string, cookie: string): RequestSource {
  const nextKey = keyMaker();
  return {
    next() {
      const guess = nextKey();
      const body = `{"login":"${guess}@example.com","password":"wrong ${guess}"}`;
      return requestText('POST', path, `cookie: ${cookie}\r\n`, body);
    },
    worth: () => 1,
  };
}

interface Account {
  readonly id: string;
  readonly owner: Caller;
}

function accountsOf(callers: readonly Caller[]): Account[] {
  return callers.flatMap((owner) => owner.accountIds.map((id) => ({ id, owner })));
}

function signedBy(caller: Caller): string {
  return `authorization: Bearer ${caller.token}\r\n`;
}

function transferFields(fromId: string, accounts: readonly Account[], draw: Draw): string {
  let to = pick(accounts, draw);
  while (to.id === fromId) to = pick(accounts, draw);
  const cents = 1 + draw(AMOUNT_CENTS_MAX);
  const amount = `{"amount":"${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}","currency":"EUR"}`;
  return `"fromAccountId":"${fromId}","toAccountId":"${to.id}","amount":${amount},"reference":"bench"`;
}

/** Keys start with the run, so a second run on the same books asks for new work and not for old answers. */
function keyMaker(): () => string {
  const run = randomUUID();
  let made = 0;
  return () => {
    made += 1;
    return `${run}-${made}`;
  };
}

function okOnly(status: number): number {
  return status === 200 ? 1 : 0;
}

/** Everything sent is ASCII, so the length of the text is its length in bytes. */
export function requestText(method: string, path: string, headers: string, body?: string): string {
  const head = `${method} ${path} HTTP/1.1\r\nhost: localhost\r\n${headers}`;
  if (body === undefined) return `${head}\r\n`;
  return `${head}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

function occurrences(body: Buffer, text: string): number {
  let count = 0;
  for (let at = body.indexOf(text); at !== -1; at = body.indexOf(text, at + text.length)) count += 1;
  return count;
}

/** A whole number from 0 up to, and without, the bound. */
type Draw = (below: number) => number;

function pick<Item>(items: readonly Item[], draw: Draw): Item {
  const item = items[draw(items.length)];
  if (item === undefined) throw new RangeError('nothing to draw from');
  return item;
}

/** The same numbers for the same seed (xorshift32, Marsaglia 2003). */
function drawer(seed: number): Draw {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
