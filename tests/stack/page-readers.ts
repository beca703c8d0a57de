import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Account, Clients } from '../transfer-load.ts';

interface Line {
  readonly amount: { readonly amount: string };
  readonly balanceAfter: { readonly amount: string };
}

/** What people who look at their accounts saw. */
export interface PageReads {
  readonly tookMs: readonly number[];
  /** Rejects when one of the reads was refused, or showed what can not be so. */
  stop(): Promise<void>;
}

const PAUSE_MS = 5;
/** A bank on a machine that is busy may say "come back", as to those who pay; who does has an answer within so many tries. */
const TRIES_MAX = 10;
const COME_BACK = [0, 502, 503, 504];
const COME_BACK_MS = 200;

/**
 * Reads the balance and the newest lines of accounts over and over until it is told to stop, and holds each answer against what
 * must be so at every moment: nobody is refused, and no line is missing, repeated or in the wrong place.
 */
export function startPageReads(clientOf: Clients, accounts: readonly Account[], readers: number): PageReads {
  const tookMs: number[] = [];
  let isStopped = false;

  async function timed({ id, owner }: Account, path: string): Promise<Record<string, unknown>> {
    for (let tries = 1; ; tries += 1) {
      const startedMs = performance.now();
      const { status, body } = await clientOf(owner).get(`/v1/accounts/${id}/${path}`);
      tookMs.push(performance.now() - startedMs);
      if (status === 200) return body;
      expect(COME_BACK, JSON.stringify(body)).toContain(status);
      expect(tries, JSON.stringify(body)).toBeLessThan(TRIES_MAX);
      await sleep(COME_BACK_MS);
    }
  }

  async function read(): Promise<void> {
    while (!isStopped) {
      for (const account of accounts) {
        const page = await timed(account, 'transactions?limit=25');
        expectUnbroken(page['data'] as readonly Line[]);
        await timed(account, 'balance');
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

/** Each line leads from the balance of the one below it to its own. */
function expectUnbroken(lines: readonly Line[]): void {
  for (const [index, line] of lines.entries()) {
    const below = lines[index + 1];
    if (below === undefined) return;
    expect(centsOf(line.balanceAfter.amount) - centsOf(line.amount.amount)).toBe(centsOf(below.balanceAfter.amount));
  }
}

function centsOf(amount: string): number {
  return Math.round(Number(amount) * 100);
}
