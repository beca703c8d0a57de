import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { ApiAnswer } from '../bank-client.ts';
import type { Account, Clients } from '../transfer-load.ts';

interface Line {
  readonly id: string;
  readonly amount: { readonly amount: string };
  readonly balanceAfter: { readonly amount: string };
}

/** What people who look at their accounts saw. */
export interface PageReads {
  readonly tookMs: readonly number[];
  stop(): Promise<void>;
}

const PAUSE_MS = 5;

/**
 * Reads the balance and the newest lines of accounts over and over until it is told to stop, and holds each answer against what
 * must be so at every moment: nobody is refused, no line is missing or repeated, and nothing is older than what the same reader saw.
 */
export function startPageReads(clientOf: Clients, accounts: readonly Account[], readers: number): PageReads {
  const tookMs: number[] = [];
  let isStopped = false;

  async function timed(account: Account, path: string): Promise<ApiAnswer> {
    const startedMs = performance.now();
    const answer = await clientOf(account.owner).get(`/v1/accounts/${account.id}/${path}`);
    tookMs.push(performance.now() - startedMs);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer;
  }

  async function read(): Promise<void> {
    const seen = new Map<string, { line: number; version: number }>();
    while (!isStopped) {
      for (const account of accounts) {
        const before = seen.get(account.id) ?? { line: 0, version: 0 };
        const { body: page } = await timed(account, 'transactions?limit=25');
        const line = expectUnbroken(page['data'] as readonly Line[]);
        expect(line).toBeGreaterThanOrEqual(before.line);
        const version = Number((await timed(account, 'balance')).body['version']);
        expect(version).toBeGreaterThanOrEqual(before.version);
        seen.set(account.id, { line, version });
      }
      await sleep(PAUSE_MS);
    }
  }

  const reading = Array.from({ length: readers }, read);
  // Whoever stops them hears of it; until then it is not unhandled.
  for (const one of reading) one.catch(() => {});
  return {
    tookMs,
    async stop() {
      isStopped = true;
      await Promise.all(reading);
    },
  };
}

/** Each line leads from the balance below it to its own. Answers the version of the newest. */
function expectUnbroken(lines: readonly Line[]): number {
  for (const [index, line] of lines.entries()) {
    const below = lines[index + 1];
    if (below !== undefined) {
      expect(centsOf(line.balanceAfter.amount) - centsOf(line.amount.amount)).toBe(centsOf(below.balanceAfter.amount));
    }
  }
  return Number(lines[0]?.id.split(':').at(-1) ?? 0);
}

function centsOf(text: string): number {
  return Math.round(Number(text) * 100);
}
