import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freePortPair } from '../../tools/free-ports.ts';
import { startChild } from './child.ts';
import { readEventLag } from './event-lag.ts';
import type { BenchAnswer, BenchRequest, SeededCustomer } from './seam.ts';
import type { Caller } from './traffic.ts';

export interface BenchBank {
  readonly port: number;
  /** The callers of the run with tokens made just now: they live five minutes, longer than a leg. */
  callers(): Promise<Caller[]>;
  /** Event lag since the bank started, as counts per bucket, to be compared with a later reading. */
  eventLag(): ReturnType<typeof readEventLag>;
  stop(): Promise<void>;
}

/** Whom a bank is filled with. */
export interface BankSize {
  readonly customers: number;
  readonly accountsPerCustomer: number;
  /** How many databases its ledger is spread over; 1 when absent. */
  readonly shards?: number;
}

const START = new URL('bank-process.ts', import.meta.url);
const SIZE: BankSize = { customers: 1_000, accountsPerCustomer: 10 };
const BALANCE = { amount: '10000000.00', currency: 'EUR' };
/** High enough never to refuse; the checks themselves stay on. */
const RAISED_LIMITS = {
  FLORIN_LIMIT_ADDRESS_PER_SECOND: '1000000',
  FLORIN_LIMIT_ADDRESS_BURST: '2000000',
  FLORIN_LIMIT_CALLER_PER_SECOND: '1000000',
  FLORIN_LIMIT_CALLER_BURST: '2000000',
};

/** Starts a bank of its own on the benchmark's server, in one process as `npm start` does, and fills it. */
export async function startBenchBank(serverUrl: string, folder: string, wanted = SIZE): Promise<BenchBank> {
  const { shards = 1, ...size } = wanted;
  const home = join(folder, 'home');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true, mode: 0o711 });
  const port = await freePortPair();
  const child = startChild({
    file: START,
    args: ['--empty', '--port', String(port), '--shards', String(shards)],
    environment: { FLORIN_HOME: home, FLORIN_POSTGRES_URL: serverUrl, ...RAISED_LIMITS },
    logFile: join(folder, 'bank.log'),
  });
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
      eventLag: () => readEventLag(port + 1),
      stop: () => child.stop(),
    };
  } catch (error) {
    await child.stop();
    throw error;
  }
}
