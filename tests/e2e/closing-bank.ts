import { randomUUID } from 'node:crypto';
import type { Role } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { bucketOfCustomer } from '@florin/primitives';
import type { InternalTokens, Principal } from '@florin/security';
import type { TestDatabase } from '@florin/testing';
import { expect } from 'vitest';
import { startTwoServices } from './two-services.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>> & { readonly id: string; readonly iban: string };
}

type OwnService = 'accounts' | 'transactions';

interface CallOptions {
  readonly body?: unknown;
  readonly key?: string;
}

/** A closing that is under way after this many looks of two seconds each does not end. */
const LOOKS_MAX = 15;
const PAUSE_MS = 50;

/** Asks until the answer is neither that it is under way nor that the ledger is busy with the same at this moment. */
export async function insistently(ask: () => Promise<Answer>): Promise<Answer> {
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const answer = await ask();
    if (answer.status !== 202 && answer.status !== 503) return answer;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error('it does not end');
}

/** Its status, and its code or what it says of the account. */
export function codeOf({ status, body }: Answer): string {
  return `${status} ${body['code'] ?? body['status']}`;
}

/** Half of the customers are at home in the first of two shards, half in the second. */
export function customer(shard: 0 | 1): Principal {
  for (;;) {
    const subject = randomUUID();
    if (bucketOfCustomer(subject) < 128 === (shard === 0)) return person(subject, 'customer');
  }
}

export function person(subject: string, ...roles: Role[]): Principal {
  return { subject, kind: 'person', roles, name: 'Test Person' };
}

/** Two services that close accounts together, and what tests ask of them. */
export async function startClosingBank() {
  const services = await startTwoServices();
  const { minter, portOf } = services;
  const gateway = minter('gateway');
  const call = (service: OwnService, who: Principal, method: string, path: string, options: CallOptions = {}) =>
    request(`http://127.0.0.1:${portOf(service)}${path}`, gateway, { service, who, method, ...options });
  const asAccounts = (method: string, path: string, body?: object) => {
    const who: Principal = { subject: 'service:accounts', kind: 'service', roles: [] };
    const url = `http://127.0.0.1:${portOf('transactions')}${path}`;
    return request(url, minter('accounts'), { service: 'transactions', who, method, body });
  };
  const closeInto = (who: Principal, id: string, restTo: string, key: string = randomUUID()) =>
    call('accounts', who, 'POST', `/v1/accounts/${id}/close`, { body: { restTo }, key });
  return {
    ...services,
    ...accountActions(call, asAccounts),
    ...proofs(call),
    call,
    closeInto,
    /** The same, asked with one key until it is over. */
    async closed(who: Principal, id: string, restTo: string, key: string = randomUUID()): Promise<Answer> {
      return insistently(() => closeInto(who, id, restTo, key));
    },
    ...sagasIn(services.databases.accounts),
    /** Moves the clock of the bank ahead. */
    async pass(ms: number) {
      const moved = await asAccounts('PUT', '/internal/business-clock', { offsetMs: ms });
      if (moved.status !== 200) throw new Error(`the clock did not move: ${moved.text}`);
    },
  };
}

export type ClosingBank = Awaited<ReturnType<typeof startClosingBank>>;

type Call = (
  service: OwnService,
  who: Principal,
  method: string,
  path: string,
  options?: CallOptions,
) => Promise<Answer>;
type AsAccounts = (method: string, path: string, body?: object) => Promise<Answer>;

function accountActions(call: Call, asAccounts: AsAccounts) {
  const must = (answer: Answer, status: number): Answer => {
    if (answer.status !== status) throw new Error(`answered ${answer.status} ${answer.text}`);
    return answer;
  };
  return {
    /** Opens an account with money in it: `amount` as on the wire. */
    async open(who: Principal, amount = '0', productCode = 'current-eur') {
      const opened = await call('accounts', who, 'POST', '/v1/accounts', { body: { productCode } });
      const { id, iban } = must(opened, 201).body;
      if (amount === '0') return { id, iban };
      const body = { accountId: id, amount: { amount, currency: 'EUR' } };
      must(await call('transactions', person('tessa', 'teller'), 'POST', '/v1/deposits', { body }), 201);
      return { id, iban };
    },
    /** Sets money of an account aside. */
    async hold(accountId: string, amount: string) {
      const body = { accountId, amount: { amount, currency: 'EUR' }, reference: 'hotel' };
      must(await asAccounts('POST', '/internal/holds', body), 201);
    },
    async statusOf(who: Principal, id: string) {
      return (await call('accounts', who, 'GET', `/v1/accounts/${id}`)).body['status'];
    },
    /** `status posted held` as the ledger has it. */
    async inLedger(id: string): Promise<string> {
      const { body } = await asAccounts('GET', `/internal/accounts/${id}`);
      return `${body['status']} ${body['postedMinor']} ${body['heldMinor']}`;
    },
  };
}

function sagasIn({ database }: TestDatabase) {
  return {
    /** How the sagas about an account stand. */
    async sagasOf(accountId: string): Promise<string[]> {
      const rows = await database.query<{ status: string }>(
        sql`SELECT status FROM saga WHERE subject = ${accountId} ORDER BY id`,
      );
      return rows.map(({ status }) => status);
    },
    /** How the newest of them ended, once none is open. */
    async ended(accountId: string): Promise<string | undefined> {
      const isOpen = async () => (await this.sagasOf(accountId)).some((one) => !FINAL.has(one));
      await expect.poll(isOpen, { timeout: ENDED_WITHIN_MS }).toBe(false);
      return (await this.sagasOf(accountId)).at(-1);
    },
  };
}

const FINAL = new Set(['completed', 'compensated']);
const ENDED_WITHIN_MS = 30_000;

function proofs(call: Call) {
  return {
    /** What the ledger's own proof finds, what is left between its shards, and what waits for people. */
    async proof() {
      const path = '/v1/ledger/reconciliations';
      const sam = person('sam', 'supervisor');
      const { body } = await call('transactions', sam, 'POST', path, { body: { mode: 'full' } });
      const books = await call('transactions', person('amir', 'auditor'), 'GET', '/v1/ledger/trial-balance');
      const lines = books.body['lines'] as { account: string; posted: { amount: string } }[];
      const of = (name: string) => lines.find(({ account }) => account === name)?.posted.amount ?? '0.00';
      return {
        balanced: body['balanced'],
        findings: body['findings'],
        clearing: of('clearing'),
        suspense: of('suspense'),
      };
    },
  };
}

async function request(
  url: string,
  tokens: InternalTokens,
  {
    service,
    who,
    method,
    body,
    key = randomUUID(),
  }: CallOptions & { service: OwnService; who: Principal; method: string },
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${await tokens.mint(who, service)}`,
      'idempotency-key': key,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text || '{}') };
}
