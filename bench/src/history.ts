import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock, utcDate } from '@florin/primitives';
import { startBenchBank } from './bank.ts';
import { someLineIds, writeHistoryBooks } from './history-books.ts';
import { readKinds } from './history-kinds.ts';
import { type MeasuredKind, measureReads, summariseReads } from './history-reads.ts';
import type { HistoryReport } from './history-report.ts';
import { describeMachine } from './report.ts';
import { dropBankDatabases, postgresVersion } from './server.ts';

/** People who read at the same moment; twice as many as the cores of a small machine. */
const CLIENTS = 4;
const CROWDED_ACCOUNTS = 8;
const LINE_IDS = 400;
/** A sum of spending is kept for a minute; a round is a first look again after it. */
const BETWEEN_ROUNDS_MS = 61_000;

/** Reads accounts with a hundred thousand lines in every way people do, through the gateway. */
export async function benchHistory(options: {
  readonly serverUrl: string;
  readonly folder: string;
  readonly rounds: number;
  readonly command: string;
  say(text: string): void;
}): Promise<HistoryReport> {
  const { serverUrl, folder, say } = options;
  const loadBefore = loadavg()[0] ?? 0;
  await dropBankDatabases(serverUrl);
  const bank = await startBenchBank(serverUrl, folder, { customers: 1 + CROWDED_ACCOUNTS, accountsPerCustomer: 1 });
  try {
    const [spread = '', ...crowded] = (await bank.callers()).map((caller) => caller.accountIds[0] ?? '');
    say('writing a million and eight hundred thousand lines of history ...');
    await writeHistoryBooks(serverUrl, { spread, crowded });
    const lineIds = await someLineIds(serverUrl, spread, LINE_IDS);
    const kinds = readKinds({ spread, crowded, lineIds, nowMs: systemClock() });
    const measured = new Map<string, MeasuredKind[]>(kinds.map((kind) => [kind.name, []]));
    for (let round = 0; round <= options.rounds; round += 1) {
      if (round > 0) await sleep(BETWEEN_ROUNDS_MS);
      const tokens = new Map((await bank.callers()).map(({ accountIds, token }) => [accountIds[0], token]));
      const tokenOf = (accountId: string) => tokens.get(accountId) ?? randomUUID();
      for (const kind of kinds) {
        const times = await measureReads(bank.port, kind, { clients: CLIENTS, tokenOf });
        // The first round compiles code and fills caches, as a bank that was opened today has long done.
        if (round === 0) continue;
        measured.get(kind.name)?.push(times);
        say(`round ${round}: ${kind.name}`);
      }
    }
    return {
      command: options.command,
      date: utcDate(systemClock()),
      machine: describeMachine(await postgresVersion(serverUrl)),
      clients: CLIENTS,
      rounds: options.rounds,
      times: kinds.map(({ name }) => summariseReads(name, measured.get(name) ?? [])),
      loadBefore,
    };
  } finally {
    await bank.stop();
  }
}
