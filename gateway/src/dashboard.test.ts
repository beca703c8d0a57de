import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ALICE, type Bank, openBank } from './bank-fixture.ts';
import type { RawHeader } from './raw-client-fixture.ts';

const FIRST = '018f0000-0000-7000-8000-0000000000a1';
const SECOND = '018f0000-0000-7000-8000-0000000000a2';

function accountsAnswer(movements: Readonly<Record<string, readonly string[]>>) {
  return (url: string) => {
    if (url === '/v1/accounts') return page(Object.keys(movements).map((id) => ({ id, name: `account ${id}` })));
    const id = url.split('/')[3] ?? '';
    return page((movements[id] ?? []).map((bookedAt) => ({ id: `${id} ${bookedAt}`, bookedAt })));
  };
}

const unreadAnswer = () => ({ status: 200, body: { data: [], nextCursor: null, unreadCount: 3 } });

function page(data: readonly object[]) {
  return { status: 200, body: { data, nextCursor: null } };
}

describe.each(['in-process', 'http'] as const)('the dashboard, %s', (mode) => {
  let bank: Bank;
  let bearer: RawHeader;
  beforeAll(async () => {
    bank = await openBank(mode);
    bearer = ['Authorization', `Bearer ${await bank.tokenOf()}`];
  });
  afterAll(() => bank.close());
  beforeEach(() => {
    bank.seen.length = 0;
    bank.answers.set('accounts', accountsAnswer({ [FIRST]: ['2026-06-01T00:00:00Z'], [SECOND]: [] }));
    bank.answers.set('notifications', unreadAnswer);
  });

  it('is accounts and the latest movements over all of them, newest first, asked as the caller', async () => {
    const days = (month: string) => Array.from({ length: 7 }, (_, day) => `2026-${month}-0${day + 1}T00:00:00Z`);
    bank.answers.set('accounts', accountsAnswer({ [FIRST]: days('05'), [SECOND]: days('06') }));
    const { status, body } = await bank.send('GET', '/v1/dashboard', [bearer]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ missing: [], accounts: [{ id: FIRST }, { id: SECOND }], unread: 3 });
    const recent = body['recentTransactions'] as { accountId: string; bookedAt: string }[];
    expect(recent).toHaveLength(10);
    expect(recent[0]).toMatchObject({ accountId: SECOND, bookedAt: '2026-06-07T00:00:00Z' });
    expect(recent.map((one) => one.bookedAt)).toEqual(
      recent
        .map((one) => one.bookedAt)
        .sort()
        .reverse(),
    );
    expect(bank.seen.map((one) => one.principal?.subject)).toEqual(Array(4).fill(ALICE));
    const asked = bank.seen.map(({ service, url }) => `${service} ${url}`).sort();
    expect(asked).toEqual([
      'accounts /v1/accounts',
      `accounts /v1/accounts/${FIRST}/transactions?limit=5`,
      `accounts /v1/accounts/${SECOND}/transactions?limit=5`,
      'notifications /v1/notifications?limit=1',
    ]);
  });

  it('reads what the caller wrote', async () => {
    await bank.cache.raise(`ryw:${ALICE}`, FIRST, 12, 30_000);
    await bank.send('GET', '/v1/dashboard', [bearer]);
    const accounts = bank.seen.filter(({ service }) => service === 'accounts');
    expect(accounts.map((one) => one.headers['florin-min-version'])).toEqual(Array(3).fill(`${FIRST}=12`));
  });

  it('says what is missing when a part answers with a problem', async () => {
    const whole = accountsAnswer({ [FIRST]: [], [SECOND]: [] });
    bank.answers.set('accounts', (url) => (url.includes(SECOND) ? Promise.reject(new Error('broken')) : whole(url)));
    const { status, body } = await bank.send('GET', '/v1/dashboard', [bearer]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ accounts: [{ id: FIRST }, { id: SECOND }], recentTransactions: [] });
    expect(body['missing']).toEqual(['recentTransactions']);
  });

  it('does not wait for a part that hangs', async () => {
    bank.answers.set('accounts', async () => {
      await sleep(2_000);
      return page([]);
    });
    const { status, body } = await bank.send('GET', '/v1/dashboard', [bearer]);
    expect(status).toBe(200);
    expect(body).toEqual({
      accounts: [],
      recentTransactions: [],
      unread: 3,
      missing: ['accounts', 'recentTransactions'],
    });
  });

  it('says that the count of unread notices is missing, and shows the rest', async () => {
    bank.answers.set('notifications', () => Promise.reject(new Error('broken')));
    const { status, body } = await bank.send('GET', '/v1/dashboard', [bearer]);
    expect(status).toBe(200);
    expect(body).toMatchObject({ accounts: [{ id: FIRST }, { id: SECOND }], unread: 0, missing: ['unread'] });
  });

  it.each([
    ['nobody', '/v1/dashboard', [], 401],
    ['a query', '/v1/dashboard?x=1', undefined, 400],
  ] as const)('refuses %s', async (_name, path, headers, status) => {
    expect((await bank.send('GET', path, headers ?? [bearer])).status).toBe(status);
  });

  it('refuses staff, who have no accounts here', async () => {
    const teller: RawHeader = ['Authorization', `Bearer ${await bank.tokenOf({ roles: ['teller'] })}`];
    expect((await bank.send('GET', '/v1/dashboard', [teller])).status).toBe(403);
  });
});

describe('when a service is down', () => {
  it('the dashboard says so, and its other routes answer 503', async () => {
    const bank = await openBank('in-process');
    const bearer: RawHeader = ['Authorization', `Bearer ${await bank.tokenOf()}`];
    bank.answers.set('notifications', unreadAnswer);
    bank.handlers.delete('accounts');
    const { status, body } = await bank.send('GET', '/v1/dashboard', [bearer]);
    expect([status, body['missing']]).toEqual([200, ['accounts', 'recentTransactions']]);
    bank.handlers.delete('notifications');
    const next = await bank.send('GET', '/v1/dashboard', [bearer]);
    expect([next.status, next.body['missing']]).toEqual([200, ['accounts', 'recentTransactions', 'unread']]);
    expect(await bank.send('GET', '/v1/accounts', [bearer])).toMatchObject({
      status: 503,
      code: 'service-unavailable',
    });
    await bank.close();
  });
});
