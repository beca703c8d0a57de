import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePortPair } from '../../tools/free-ports.ts';
import { startChild } from './child.ts';
import { type EventLag, parseEventLag } from './event-lag.ts';
import { readMetrics } from './metrics.ts';
import type { BenchAnswer, BenchRequest, SeededCustomer } from './seam.ts';
import type { Caller } from './traffic.ts';

export interface BenchBank {
  readonly port: number;
  /** The callers of the run with tokens made just now: they live five minutes, longer than a leg. */
  callers(): Promise<Caller[]>;
  /** Event lag since the bank started, as counts per bucket, to be compared with a later reading. */
  eventLag(): Promise<EventLag>;
  /** The bank's metrics, as Prometheus reads them. */
  metrics(): Promise<string>;
  /** `kill -9`. */
  kill(): Promise<void>;
  /** Starts the bank that was killed again, and resolves when it answers. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Whom a bank is filled with. */
export interface BankSize {
  readonly customers: number;
  readonly accountsPerCustomer: number;
  /** How many databases its ledger is spread over; 1 when absent. */
  readonly shards?: number;
  /** Whether it can also do transfers between shards that nobody conducts; see `CHOREOGRAPHED_KEY`. */
  readonly choreographed?: boolean;
}

const START = new URL('bank-process.ts', import.meta.url);
const SIZE: BankSize = { customers: 1_000, accountsPerCustomer: 10 };
const BALANCE = { amount: '10000000.00', currency: 'EUR' };
/** High enough never to refuse; the checks themselves stay on. */
export const RAISED_LIMITS = {
  FLORIN_LIMIT_ADDRESS_PER_SECOND: '1000000',
  FLORIN_LIMIT_ADDRESS_BURST: '2000000',
  FLORIN_LIMIT_CALLER_PER_SECOND: '1000000',
  FLORIN_LIMIT_CALLER_BURST: '2000000',
  FLORIN_LIMIT_SIGN_IN_PER_SECOND: '1000000',
  FLORIN_LIMIT_SIGN_IN_BURST: '2000000',
};

/** Starts a bank of its own on the benchmark's server, in one process as `npm start` does, and fills it. */
export async function startBenchBank(serverUrl: string, folder: string, wanted = SIZE): Promise<BenchBank> {
  const { shards = 1, choreographed = false, ...size } = wanted;
  const home = join(folder, 'home');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true, mode: 0o711 });
  const port = await freePortPair();
  const start = () =>
    startChild({
      file: START,
      args: ['--empty', '--port', `${port}`, '--shards', `${shards}`, ...(choreographed ? ['--choreographed'] : [])],
      environment: { FLORIN_HOME: home, FLORIN_POSTGRES_URL: serverUrl, ...RAISED_LIMITS },
      logFile: join(folder, 'bank.log'),
    });
  let child = start();
  const ask = async <Value>(request: BenchRequest): Promise<Value> => {
    child.send(request);
    const answer = await child.receive<BenchAnswer>();
    if (!answer.ok) throw new Error(`the bank refused to ${request.op}: ${answer.message}`);
    return answer.value as Value;
  };
  try {
    const customers = await ask<SeededCustomer[]>({
      op: 'seed',
      ...size,
      balance: BALANCE,
    });
    return {
      port,
      async callers() {
        const tokens = await ask<string[]>({ op: 'mint', subjects: customers.map((customer) => customer.subject) });
        return customers.map(({ accountIds }, index) => ({ token: tokens[index] ?? '', accountIds }));
      },
      eventLag: async () => parseEventLag(await readMetrics(port + 1)),
      metrics: () => readMetrics(port + 1),
      kill: () => child.kill(),
      async restart() {
        child = start();
        // It answers once its port is open.
        await ask({ op: 'mint', subjects: [] });
      },
      stop: () => child.stop(),
    };
  } catch (error) {
    await child.stop();
    throw error;
  }
}
