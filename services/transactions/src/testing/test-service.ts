import { type Listener, listen } from '@florin/http';
import { memoryBroker } from '@florin/messaging';
import { makeIban } from '@florin/money';
import { createLogger } from '@florin/observability';
import { sql } from '@florin/postgres';
import { bucketOf, newId, systemClock } from '@florin/primitives';
import { createInternalTokenMinter, type InternalTokens, newInternalKey, type Principal } from '@florin/security';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { startTransactions } from '../service.ts';
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

type Who = 'alice' | 'bob' | 'tessa' | 'sam' | 'sue' | 'tim' | 'amir' | 'accounts' | 'nobody';

const PEOPLE: Readonly<Record<Exclude<Who, 'accounts' | 'nobody'>, Principal>> = {
  alice: { subject: 'alice', kind: 'person', roles: ['customer'] },
  bob: { subject: 'bob', kind: 'person', roles: ['customer'] },
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

/** The whole service on a port of the loopback, every answer held against its contract, and the tokens to call it. */
export async function startTestService(given?: Given, shards = 1, startLedger = startTransactions) {
  const own = given === undefined ? await testDatabase(MIGRATIONS) : null;
  const further =
    given?.further ?? (await Promise.all(Array.from({ length: shards - 1 }, () => testDatabase(MIGRATIONS))));
  const urls = given ?? own ?? { url: '', ownerUrl: '' };
  const keys = { gateway: await newInternalKey('gateway'), accounts: await newInternalKey('accounts') };
  const clock = systemClock;
  const gateway = createInternalTokenMinter({ privateJwk: keys.gateway.privateJwk, issuer: 'gateway', clock });
  const accounts = createInternalTokenMinter({ privateJwk: keys.accounts.privateJwk, issuer: 'accounts', clock });
  const config = {
    shards: [urls, ...further].map(({ url, ownerUrl }) => ({ databaseUrl: url, ownerUrl })),
    internalJwks: { keys: [{ ...keys.gateway.publicJwk }, { ...keys.accounts.publicJwk }] },
    writers: 2,
  };
  const broker = memoryBroker();
  const logger = createLogger({ service: 'test', level: 'silent' });
  const service = await startLedger(config, { broker, logger, clock, newId, validateResponses: true });
  const listener: Listener = await listen({ handle: service.handle, port: 0, host: '127.0.0.1' });
  let serial = 0;

  const call = callerOf(listener.port, accounts, gateway);

  return {
    service,
    /** The database, when it is the service's own; of several shards the first. */
    own,
    /** The databases of the other shards. */
    further,
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
    /** What the account has in the database, in minor units: `posted held`. */
    moneyOf: (id: string) => moneyOf(own, id),
    /** How many journals there are: what did not move money leaves it as it is. */
    journalCount: () => journalCount(own),
    async close() {
      await listener.close();
      await service.close();
      await broker.close();
      await own?.close();
      if (given?.further === undefined) await Promise.all(further.map((database) => database.close()));
    },
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
