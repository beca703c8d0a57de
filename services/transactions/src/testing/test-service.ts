import { setTimeout as sleep } from 'node:timers/promises';
import { type Listener, listen } from '@florin/http';
import { memoryBroker } from '@florin/messaging';
import { makeIban } from '@florin/money';
import { createLogger } from '@florin/observability';
import { sql } from '@florin/postgres';
import { bucketOf, newId, systemClock } from '@florin/primitives';
import { createInternalTokenMinter, type InternalTokens, newInternalKey, type Principal } from '@florin/security';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { startTransactions } from '../service.ts';
import { sandboxFactors } from './sandbox-factors.ts';
import { MIGRATIONS } from './test-ledger.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Byte for byte. */
  readonly text: string;
  readonly body: AnswerBody;
}

/** The fields of all answers that a test looks at. */
export interface AnswerBody {
  readonly id: string;
  readonly code: string;
  readonly status: string;
  readonly errors: readonly { readonly path: string }[];
  readonly items: readonly { readonly status: number; readonly transfer?: AnswerBody; readonly problem?: AnswerBody }[];
  readonly [field: string]: unknown;
}

type Who =
  | 'alice'
  | 'bob'
  | 'mia'
  | 'miaElsewhere'
  | 'miaFresh'
  | 'tessa'
  | 'sam'
  | 'sue'
  | 'tim'
  | 'amir'
  | 'accounts'
  | 'nobody';

/** Has a second factor. */
export const MIA = '00000000-0000-4000-8000-0000000000a1';

const PEOPLE: Readonly<Record<Exclude<Who, 'accounts' | 'nobody'>, Principal>> = {
  alice: { subject: 'alice', kind: 'person', roles: ['customer'] },
  bob: { subject: 'bob', kind: 'person', roles: ['customer'] },
  mia: { subject: MIA, kind: 'person', roles: ['customer'], hasSecondFactor: true, sessionId: 'here' },
  miaElsewhere: { subject: MIA, kind: 'person', roles: ['customer'], hasSecondFactor: true, sessionId: 'elsewhere' },
  get miaFresh() {
    const authTimeSeconds = Math.floor(systemClock() / 1_000);
    return { ...this.mia, acr: 'urn:florin:acr:mfa', authTimeSeconds };
  },
  tessa: { subject: 'tessa', kind: 'person', roles: ['teller'] },
  sam: { subject: 'sam', kind: 'person', roles: ['supervisor'] },
  sue: { subject: 'sue', kind: 'person', roles: ['supervisor'] },
  tim: { subject: 'tim', kind: 'person', roles: ['supervisor'] },
  amir: { subject: 'amir', kind: 'person', roles: ['auditor'] },
};
const ACCOUNTS: Principal = { subject: 'service:accounts', kind: 'service', roles: [] };

export interface CallOptions {
  readonly body?: unknown;
  /** A key of its own unless told otherwise; null sends none. */
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

type Call = (who: Who, method: string, path: string, options?: CallOptions) => Promise<Answer>;

/** Calls the service as somebody, with the token the gateway or a service would mint. */
function callerOf(port: number, accounts: InternalTokens, gateway: InternalTokens): Call {
  async function tokenOf(who: Who): Promise<Record<string, string>> {
    if (who === 'nobody') return {};
    const token =
      who === 'accounts' ? accounts.mint(ACCOUNTS, 'transactions') : gateway.mint(PEOPLE[who], 'transactions');
    return { authorization: `Bearer ${await token}` };
  }

  async function call(who: Who, method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { body, key = newId(0) } = options;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        ...(await tokenOf(who)),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === null ? {} : { 'idempotency-key': key }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text || 'null') as AnswerBody };
  }

  return call;
}

/** Takes cash in; of more than a teller takes alone a supervisor approves. */
async function payIn(call: Call, body: object): Promise<void> {
  const deposited = await call('tessa', 'POST', '/v1/deposits', { body });
  if (deposited.status === 201) return;
  const approved = await call('sam', 'POST', `/v1/approvals/transactions/${deposited.body.id}/approve`);
  if (approved.body.status !== 'done') throw new Error(`not deposited: ${deposited.text}`);
}

/** Half a minute: what was under way is looked at again after ten seconds. */
const LOOKS_MAX = 600;
const LOOK_EVERY_MS = 50;

function reversalsBy(call: Call) {
  return {
    /**
     * Has a journal taken back by two people. Answers the entry that did it, as staff see it; what came of asking when that was
     * refused; or why it failed when it could not be done any more. What is on its way between two shards is waited for.
     */
    takeBack: (id: string, asking: { readonly reason?: string; readonly key?: string } = {}) =>
      takeBack(call, id, asking),
  };
}

async function takeBack(
  call: Call,
  id: string,
  { reason = 'sent twice', key = newId(0) }: { readonly reason?: string; readonly key?: string },
): Promise<Answer> {
  const asked = await call('tessa', 'POST', `/v1/transfers/${id}/reversal`, { body: { reason }, key });
  if (asked.status !== 202) return asked;
  const isOpen = asked.body.status === 'pending';
  const path = `/v1/approvals/transactions/${asked.body.id}`;
  let ended = isOpen ? await call('sam', 'POST', `${path}/approve`) : asked;
  for (let look = 0; ended.body.status === 'approved' && look < LOOKS_MAX; look += 1) {
    await sleep(LOOK_EVERY_MS);
    ended = await call('sam', 'GET', path, { key: null });
  }
  if (ended.body.status === 'failed') return { ...ended, body: ended.body['failure'] as AnswerBody };
  if (ended.body.status !== 'done') return ended;
  const { body } = await call('sam', 'GET', `/v1/ledger/journals/${id}`, { key: null });
  return call('sam', 'GET', `/v1/transfers/${body['reversedBy']}`, { key: null });
}

interface OpenOptions {
  readonly currency?: string;
  /** Where the account is; the first shard's lowest unless told otherwise. */
  readonly bucket?: number;
  readonly [field: string]: unknown;
}

/** Databases that are there already, and stay when the service ends. */
export interface Given extends Pick<TestDatabase, 'url' | 'ownerUrl'> {
  /** Those of the other shards. */
  readonly further?: readonly TestDatabase[];
}

/** Who calls the service, and the service itself when it calls others, each with a key of their own. */
async function makeMinters() {
  const keys = {
    gateway: await newInternalKey('gateway'),
    accounts: await newInternalKey('accounts'),
    transactions: await newInternalKey('transactions'),
  };
  const minter = (issuer: keyof typeof keys) =>
    createInternalTokenMinter({ privateJwk: keys[issuer].privateJwk, issuer, clock: systemClock });
  return {
    keys,
    accounts: minter('accounts'),
    gateway: minter('gateway'),
    transactions: minter('transactions'),
  };
}

/** The whole service on a port of the loopback, every answer held against its contract, and the tokens to call it. */
export async function startTestService(given?: Given, shards = 1, startLedger = startTransactions) {
  const own = given === undefined ? await testDatabase(MIGRATIONS) : null;
  const further =
    given?.further ?? (await Promise.all(Array.from({ length: shards - 1 }, () => testDatabase(MIGRATIONS))));
  const urls = given ?? own ?? { url: '', ownerUrl: '' };
  const { keys, accounts, gateway, transactions } = await makeMinters();
  const config = {
    shards: [urls, ...further].map(({ url, ownerUrl }) => ({ databaseUrl: url, ownerUrl })),
    internalJwks: { keys: [{ ...keys.gateway.publicJwk }, { ...keys.accounts.publicJwk }] },
    writers: 2,
  };
  const broker = memoryBroker();
  const logger = createLogger({ service: 'test', level: 'silent' });
  const factors = sandboxFactors();
  const ports = { broker, calls: factors.calls, tokens: transactions, logger, clock: systemClock, newId };
  const service = await startLedger(config, { ...ports, validateResponses: true });
  const listener: Listener = await listen({ handle: service.handle, port: 0, host: '127.0.0.1' });
  let serial = 0;
  const call = callerOf(listener.port, accounts, gateway);

  return {
    service,
    /** The database, when it is the service's own; of several shards the first. */
    own,
    /** The databases of the other shards. */
    further,
    /** The second factors of its customers. */
    factors,
    /** What hears its events. */
    broker,
    call,
    control(id: string, owner: string, controlVersion: number, more: object = {}): Promise<Answer> {
      const standard = { currency: 'EUR', status: 'active', overdraftMinor: '0', dailyLimitMinor: '1000000000000000' };
      const who = { holderName: owner, owners: [owner], transferFeeMinor: '0' };
      serial += 1;
      const body = { controlVersion, iban: makeIban('NL', 'FLRN', bucketOf(id), serial), ...standard, ...who, ...more };
      return call('accounts', 'PUT', `/internal/accounts/${id}`, { body, key: null });
    },
    /** Opens an account with money in it: `amount` as on the wire, '0' for none. */
    async open(owner: string, amount = '0', more: OpenOptions = {}) {
      const { bucket = 0, ...inForce } = more;
      const id = newId(bucket);
      const opened = await this.control(id, owner, 1, inForce);
      if (opened.status !== 200) throw new Error(`not opened: ${opened.text}`);
      if (amount !== '0') {
        const body = { accountId: id, amount: { amount, currency: more.currency ?? 'EUR' } };
        await payIn(call, body);
      }
      return id;
    },
    transfer(who: Who, from: string, to: string, amount: unknown, more: CallOptions & { fields?: object } = {}) {
      const { fields, ...options } = more;
      const money = typeof amount === 'string' ? { amount, currency: 'EUR' } : amount;
      const body = { fromAccountId: from, toAccountId: to, amount: money, ...fields };
      return call(who, 'POST', '/v1/transfers', { body, ...options });
    },
    ...reversalsBy(call),
    ...booksIn(own),
    async close() {
      await listener.close();
      await service.close();
      await broker.close();
      await own?.close();
      if (given?.further === undefined) await Promise.all(further.map((database) => database.close()));
    },
  };
}

function booksIn(own: TestDatabase | null) {
  return {
    /** What the account has in the database, in minor units: `posted held`. */
    moneyOf: (id: string) => moneyOf(own, id),
    /** How many journals there are: what did not move money leaves it as it is. */
    journalCount: () => journalCount(own),
  };
}

async function moneyOf(own: TestDatabase | null, id: string): Promise<string> {
  const statement = sql`SELECT posted, held FROM account WHERE id = ${id}`;
  const [row] = (await own?.database.query<{ posted: bigint; held: bigint }>(statement)) ?? [];
  return `${row?.posted} ${row?.held}`;
}

async function journalCount(own: TestDatabase | null): Promise<bigint> {
  const [row] = (await own?.database.query<{ count: bigint }>(sql`SELECT count(*) FROM journal`)) ?? [];
  return row?.count ?? 0n;
}

export type TestService = Awaited<ReturnType<typeof startTestService>>;
