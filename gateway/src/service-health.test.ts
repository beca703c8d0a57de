import { getServiceHealth } from '@florin/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bank, openBank } from './bank-fixture.ts';
import type { RawHeader } from './raw-client-fixture.ts';
import { httpHealth, inProcessHealth } from './service-health.ts';

const PATH = getServiceHealth.path;
const readyOf = (body: Readonly<Record<string, unknown>>) =>
  Object.fromEntries((body['data'] as { service: string; ready: boolean }[]).map((one) => [one.service, one.ready]));

describe.each(['in-process', 'http'] as const)('the health of the services, %s', (mode) => {
  let bank: Bank;
  let auditor: RawHeader;
  beforeAll(async () => {
    bank = await openBank(mode);
    auditor = ['Authorization', `Bearer ${await bank.tokenOf({ roles: ['auditor'] })}`];
  });
  afterAll(() => bank.close());
  beforeEach(() => bank.readiness.clear());

  it('names the gateway and every service, in the shape of the contract', async () => {
    const { status, body } = await bank.send('GET', PATH, [auditor]);
    expect(status).toBe(200);
    const state = (service: string) => ({ service, ready: true, durationMs: expect.any(Number) });
    expect(body).toEqual({
      checkedAt: new Date(bank.time.ms).toISOString(),
      data: ['gateway', 'users', 'accounts', 'transactions', 'notifications'].map(state),
    });
  });

  it('tells who is not ready or fails at saying so, and nothing about why', async () => {
    bank.readiness.set('users', async () => false);
    bank.readiness.set('accounts', () => Promise.reject(new Error('password of 10.0.0.7 refused')));
    const { status, body, text } = await bank.send('GET', PATH, [auditor]);
    expect(status).toBe(200);
    expect(readyOf(body)).toEqual({
      gateway: true,
      users: false,
      accounts: false,
      transactions: true,
      notifications: true,
    });
    expect(text).not.toMatch(/password|127\.0\.0\.1|10\.0\.0\.7/);
  });

  it('waits for a service that hangs as long as its budget, while the others answer', async () => {
    bank.readiness.set('transactions', () => new Promise(() => {}));
    const { body } = await bank.send('GET', PATH, [auditor]);
    expect(readyOf(body)).toEqual({
      gateway: true,
      users: true,
      accounts: true,
      transactions: false,
      notifications: true,
    });
    const late = (body['data'] as { service: string; durationMs: number }[]).find(
      ({ service }) => service === 'transactions',
    );
    // A timer may be a moment early by this clock, never more.
    expect(late?.durationMs).toBeGreaterThan(790);
  });

  it('is for staff, and takes no query', async () => {
    expect(await bank.send('GET', PATH)).toMatchObject({ status: 401, code: 'unauthenticated' });
    for (const [role, expected] of [
      ['customer', 403],
      ['teller', 403],
      ['supervisor', 200],
      ['admin', 200],
    ] as const) {
      const bearer: RawHeader = ['Authorization', `Bearer ${await bank.tokenOf({ roles: [role] })}`];
      expect([role, (await bank.send('GET', PATH, [bearer])).status]).toEqual([role, expected]);
    }
    expect(await bank.send('GET', `${PATH}?verbose=1`, [auditor])).toMatchObject({
      status: 400,
      code: 'invalid-request',
    });
  });
});

it('however many look at once, a service is asked once, and again by whoever looks later', async () => {
  let asked = 0;
  const ready = async () => {
    asked += 1;
    return true;
  };
  const health = inProcessHealth(() => [{ name: 'accounts', ready }]);
  await Promise.all([health.check(), health.check(), health.check()]);
  expect(asked).toBe(1);
  await health.check();
  expect(asked).toBe(2);
});

it('a service that is away is not ready', async () => {
  const states = await httpHealth({ users: 'http://127.0.0.1:1/health/ready' }).check();
  expect(states).toMatchObject([
    { service: 'gateway', ready: true },
    { service: 'users', ready: false },
  ]);
});
