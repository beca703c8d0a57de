import { randomUUID } from 'node:crypto';
import {
  type AccountChanged,
  type BodyOf,
  getLedgerAccount,
  listLedgerPostings,
  putLedgerAccount,
} from '@florin/contracts';
import { createServer, type Endpoint, endpoint, listen, problemReply } from '@florin/http';
import { createLogger, createMetrics } from '@florin/observability';
import type { InternalTokenVerifier } from '@florin/security';

interface SandboxAccount {
  id: string;
  iban: string;
  currency: string;
  status: AccountChanged['status'];
  owners: string[];
  posted: bigint;
  held: bigint;
  overdraft: bigint;
  dailyLimit: bigint;
  version: number;
  controlVersion: number;
  lines: (AccountChanged['lines'][number] & { version: number })[];
}

interface SandboxEntry {
  readonly amountMinor: bigint;
  readonly reference?: string;
  readonly name?: string;
  readonly iban?: string | null;
  readonly kind?: string;
  readonly bookedAt?: string;
  readonly valueDate?: string;
}

/** A ledger in memory that keeps the internal contract, over real HTTP, and can be told to misbehave. */
export interface SandboxLedger {
  readonly url: string;
  readonly accounts: ReadonlyMap<string, SandboxAccount>;
  /** `away`: nobody answers; `deaf`: it does the work, and the answer is lost; `late`: the caller gives up first. */
  mode: 'well' | 'away' | 'deaf' | 'late';
  /** The bank's time; the machine's while it is undefined. */
  nowMs: number | undefined;
  /** What happens right after the next instruction was decided, before it is answered. */
  afterPut: () => void;
  /** So many of the next instructions it is at already, for somebody who asked a moment before. */
  busyFor: number;
  /** Lets the instructions that were late arrive. */
  arriveLate(): void;
  /** Books entries on an account, in one change. */
  book(accountId: string, ...entries: readonly SandboxEntry[]): void;
  /** Changes since the last call, in order, as events tell them. */
  takeChanges(): AccountChanged[];
  close(): Promise<void>;
}

/** The accounts of the sandbox and what became of them. */
interface Books {
  readonly accounts: Map<string, SandboxAccount>;
  changes: AccountChanged[];
  mode: SandboxLedger['mode'];
  nowMs: number | undefined;
  afterPut: () => void;
  busyFor: number;
  late: (() => void)[];
}

export async function startSandboxLedger(verifier: InternalTokenVerifier): Promise<SandboxLedger> {
  const books: Books = {
    accounts: new Map(),
    changes: [],
    mode: 'well',
    nowMs: undefined,
    afterPut: () => {},
    busyFor: 0,
    late: [],
  };
  const server = await createServer({
    service: 'transactions',
    logger: createLogger({ service: 'sandbox', level: 'silent' }),
    metrics: createMetrics({ service: 'sandbox' }),
    validateResponses: true,
    authenticate: ({ authorization }) => verifier.verify(authorization?.slice('Bearer '.length) ?? ''),
    endpoints: [writeEndpoint(books), ...readEndpoints(books)],
  });
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    handle(request, response) {
      if (books.mode === 'away') return void request.socket.destroy();
      if (books.mode === 'deaf' || books.mode === 'late') response.end = () => response.destroy();
      server.handle(request, response);
    },
  });
  return {
    url: `http://127.0.0.1:${listener.port}`,
    accounts: books.accounts,
    get mode() {
      return books.mode;
    },
    set mode(mode) {
      books.mode = mode;
    },
    get nowMs() {
      return books.nowMs;
    },
    set nowMs(nowMs) {
      books.nowMs = nowMs;
    },
    get busyFor() {
      return books.busyFor;
    },
    set busyFor(times) {
      books.busyFor = times;
    },
    set afterPut(then: () => void) {
      books.afterPut = then;
    },
    arriveLate() {
      for (const arrive of books.late.splice(0)) arrive();
    },
    book: (accountId, ...entries) => book(books, accountId, entries),
    takeChanges: () => books.changes.splice(0),
    async close() {
      await listener.close();
      await server.close();
    },
  };
}

function bankTime(books: Books): string {
  return new Date(books.nowMs ?? Date.now()).toISOString();
}

function change(books: Books, account: SandboxAccount, lines: AccountChanged['lines'] = []): void {
  account.version += 1;
  account.lines.push(...lines.map((line) => ({ ...line, version: account.version })));
  books.changes.push({
    accountId: account.id,
    version: account.version,
    currency: account.currency,
    status: account.status,
    postedMinor: `${account.posted}`,
    heldMinor: `${account.held}`,
    overdraftMinor: `${account.overdraft}`,
    changedAt: bankTime(books),
    lines,
  });
}

function book(books: Books, accountId: string, entries: readonly SandboxEntry[]): void {
  const account = books.accounts.get(accountId);
  if (account === undefined) throw new Error('no such account in the sandbox');
  const lines = entries.map((entry) => {
    account.posted += entry.amountMinor;
    return {
      journalId: randomUUID(),
      kind: entry.kind ?? 'transfer',
      amountMinor: `${entry.amountMinor}`,
      balanceAfterMinor: `${account.posted}`,
      counterpartyAccountId: randomUUID(),
      counterpartyIban: entry.iban === undefined ? 'NL91ABNA0417164300' : entry.iban,
      counterpartyName: entry.name ?? 'Somebody',
      reference: entry.reference ?? '',
      bookedAt: entry.bookedAt ?? (books.nowMs === undefined ? '2026-03-01T12:00:00.000Z' : bankTime(books)),
      valueDate: entry.valueDate ?? '2026-03-01',
    };
  });
  change(books, account, lines);
}

type Instruction = BodyOf<typeof putLedgerAccount>;

function writeEndpoint(books: Books): Endpoint {
  return endpoint(putLedgerAccount, ({ params, body, traceId }) => {
    if (books.mode === 'late') {
      books.late.push(() => void obey(books, params.id, body));
      return { status: 204 };
    }
    if (books.busyFor > 0) {
      books.busyFor -= 1;
      return refuse(409, 'idempotency-key-in-flight', traceId);
    }
    const refused = obey(books, params.id, body);
    const account = books.accounts.get(params.id);
    const then = books.afterPut;
    books.afterPut = () => {};
    then();
    if (refused !== undefined) return refuse(...refused, traceId);
    return { status: 200, body: account && presented(books, account) };
  });
}

/** As `decideControl` of the ledger has it; answers how it refused. */
function obey(books: Books, id: string, body: Instruction): [status: number, code: string] | undefined {
  const account = books.accounts.get(id) ?? emptyAccount(id, body.iban, body.currency);
  if (body.controlVersion <= account.controlVersion) return undefined;
  if (account.status === 'closed') return [409, 'account-not-active'];
  if (body.status === 'closed' && (account.posted !== 0n || account.held !== 0n)) return [422, 'account-not-empty'];
  books.accounts.set(account.id, account);
  account.status = body.status;
  account.owners = [...body.owners];
  account.overdraft = BigInt(body.overdraftMinor);
  account.dailyLimit = BigInt(body.dailyLimitMinor);
  account.controlVersion = body.controlVersion;
  change(books, account);
  return undefined;
}

function readEndpoints(books: Books): Endpoint[] {
  const { accounts } = books;
  return [
    endpoint(getLedgerAccount, ({ params, traceId }) => {
      const account = accounts.get(params.id);
      return account ? { status: 200, body: presented(books, account) } : refuse(404, 'account-not-found', traceId);
    }),
    endpoint(listLedgerPostings, ({ params, query, traceId }) => {
      const account = accounts.get(params.id);
      if (account === undefined) return refuse(404, 'account-not-found', traceId);
      const limit = query.limit ?? 25;
      const start = Number(query.cursor ?? 0);
      const lines = account.lines.filter((line) => line.version > (query.afterVersion ?? 0)).reverse();
      const data = lines.slice(start, start + limit);
      return { status: 200, body: { data, nextCursor: start + limit < lines.length ? `${start + limit}` : null } };
    }),
  ];
}

function emptyAccount(id: string, iban: string, currency: string): SandboxAccount {
  const nothing = { posted: 0n, held: 0n, overdraft: 0n, dailyLimit: 0n, version: 0, controlVersion: 0 };
  return { id, iban, currency, status: 'active', owners: [], lines: [], ...nothing };
}

function presented(books: Books, account: SandboxAccount) {
  return {
    id: account.id,
    iban: account.iban,
    currency: account.currency,
    status: account.status,
    owners: account.owners,
    postedMinor: `${account.posted}`,
    heldMinor: `${account.held}`,
    overdraftMinor: `${account.overdraft}`,
    availableMinor: `${account.posted - account.held + account.overdraft}`,
    version: account.version,
    controlVersion: account.controlVersion,
    asOf: bankTime(books),
  };
}

function refuse(status: number, code: string, traceId: string) {
  return problemReply({ status, code, title: code, detail: code, traceId });
}
