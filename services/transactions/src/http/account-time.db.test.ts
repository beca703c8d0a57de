import { newId } from '@florin/primitives';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestService, type TestService } from '../testing/test-service.ts';

const DAY_MS = 86_400_000;

let bank: TestService;
beforeAll(async () => {
  bank = await startTestService();
});
afterAll(async () => bank.close());

/** How many days ago a moment was that the ledger told. */
function daysAgo(asOf: unknown): number {
  return Math.round((Date.now() - Date.parse(String(asOf))) / DAY_MS);
}

it('says with an account when it looked, by the business clock', async () => {
  const setClock = (offsetMs: number) =>
    bank.call('accounts', 'PUT', '/internal/business-clock', { body: { offsetMs }, key: null });
  expect((await setClock(-90 * DAY_MS)).status).toBe(200);
  const id = newId(0);
  expect(daysAgo((await bank.control(id, 'alice', 1)).body['asOf'])).toBe(90);
  const again = await bank.control(id, 'alice', 1);
  expect([again.status, daysAgo(again.body['asOf'])]).toEqual([200, 90]);

  await setClock(0);
  const read = await bank.call('accounts', 'GET', `/internal/accounts/${id}`, { key: null });
  expect(daysAgo(read.body['asOf'])).toBe(0);
});
