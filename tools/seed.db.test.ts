import { mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatMoney } from '@florin/money';
import { createLogger } from '@florin/observability';
import { systemClock, utcDate } from '@florin/primitives';
import { startTestServer } from '@florin/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bank, startBank } from './bank.ts';
import { DEMO_ACCOUNTS, nameOf } from './demo-accounts.ts';
import { demoBooks } from './demo-books.fixture.ts';
import { demoHistory, openingDate } from './demo-history.ts';
import { inProcessFetch } from './in-process-fetch.ts';
import { loadSecrets } from './secrets.ts';
import { seedDemo } from './seed.ts';
import { signIn } from './sign-in.ts';

const PUBLIC_URL = 'http://localhost:8080';
const FOUR_SEEDINGS_MS_MAX = 240_000;
const RAISED = { ratePerSecond: 10_000, burst: 10_000 };

const home = mkdtempSync(join(tmpdir(), 'florin-seed-'));
let server: Awaited<ReturnType<typeof startTestServer>>;
let bank: Bank;

beforeAll(async () => {
  server = await startTestServer();
  bank = await startBank({
    postgresUrl: server.url,
    secrets: await loadSecrets(home),
    publicUrl: PUBLIC_URL,
    host: '127.0.0.1',
    port: 0,
    limits: { address: RAISED, caller: RAISED, signIn: RAISED },
    logger: createLogger({ service: 'florin', level: 'silent' }),
    validateResponses: true,
  });
});
afterAll(async () => {
  await bank.close();
  await server.close();
  rmSync(home, { recursive: true });
});

/** The bank behind a door that shuts after so many requests, as when somebody presses Ctrl-C. */
function cutAfter(requests: number): Bank {
  return {
    ...bank,
    async openSideDoor(limits) {
      const door = await bank.openSideDoor(limits);
      let left = requests;
      const handle: typeof door.handle = (request, response) => {
        left -= 1;
        if (left < 0) throw new Error('cut');
        door.handle(request, response);
      };
      return { ...door, handle };
    },
  };
}

async function reader(login: string, password: string) {
  const fetch = inProcessFetch(bank.gateway);
  const { accessToken } = await signIn({ baseUrl: PUBLIC_URL, fetch, login, password });
  return async (path: string): Promise<Record<string, unknown>> => {
    const headers = { authorization: `Bearer ${accessToken}` };
    const answer = await fetch(`${PUBLIC_URL}${path}`, { method: 'GET', headers, redirect: 'manual' });
    expect(answer.status).toBe(200);
    return JSON.parse(await answer.text());
  };
}

interface Journal {
  readonly id: string;
  readonly kind: string;
  readonly bookedAt: string;
}

/** Every journal of the bank, as an auditor pages through them. */
async function journalsOf(read: (path: string) => Promise<Record<string, unknown>>): Promise<Journal[]> {
  const journals: Journal[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = await read(`/v1/ledger/journals?limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`);
    journals.push(...(page['data'] as Journal[]));
    cursor = page['nextCursor'] as string | null;
  }
  return journals;
}

it(
  'made in pieces it is the same demo, and made again nothing changes',
  async () => {
    const today = utcDate(systemClock());
    const options = { home, publicUrl: PUBLIC_URL };
    // In the middle of signing up, of opening accounts (a second sign-up takes twice the requests), and of living.
    for (const requests of [30, 215, 500]) await expect(seedDemo(cutAfter(requests), options)).rejects.toThrow();
    const users = await seedDemo(bank, options);
    expect(await seedDemo(bank, options)).toEqual(users);

    const { balances, journals } = demoBooks(today);
    for (const login of ['alice', 'bob']) {
      const read = await reader(login, users[login]?.password ?? '');
      const shown = (await read('/v1/accounts'))['data'] as { name: string; balance: { posted: unknown } }[];
      const expected = DEMO_ACCOUNTS.filter((account) => account.login === login).map((account) => ({
        name: account.title,
        balance: { posted: formatMoney(balances.get(nameOf(account)) ?? 0n, account.currency) },
      }));
      expect(shown).toMatchObject(expected);
    }

    const read = await reader('amir', users['amir']?.password ?? '');
    const booked = await journalsOf(read);
    expect(new Set(booked.map(({ id }) => id)).size).toBe(journals);
    expect(booked).toHaveLength(journals);
    const days = booked.map(({ bookedAt }) => bookedAt.slice(0, 10));
    expect(days).toEqual(days.toSorted().reverse());
    expect(days.at(-1)).toBe(openingDate(today));
    const lastMs = demoHistory(today).at(-1)?.atMs ?? 0;
    expect(days[0]).toBe(utcDate(lastMs));
    expect(new Set(booked.map(({ kind }) => kind))).toEqual(
      new Set(['deposit', 'fee', 'reversal', 'transfer', 'withdrawal']),
    );
    const { totals } = (await read('/v1/ledger/trial-balance')) as { totals: { difference: { amount: string } }[] };
    expect(totals.map(({ difference }) => Number(difference.amount))).toEqual([0, 0, 0, 0]);
  },
  FOUR_SEEDINGS_MS_MAX,
);

it('cut short half a day ago it is not continued, for the keys of its requests may be forgotten', async () => {
  rmSync(join(home, 'demo-seeded'));
  const longAgo = new Date(systemClock() - 13 * 3_600_000);
  utimesSync(join(home, 'demo-users.json'), longAgo, longAgo);
  await expect(seedDemo(bank, { home, publicUrl: PUBLIC_URL })).rejects.toMatchObject({ code: 'demo-unfinished' });
});
