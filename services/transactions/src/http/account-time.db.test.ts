import { newId } from '@florin/primitives';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestService, type TestService } from '../testing/test-service.ts';

const DAYS_90_MS = 90 * 86_400_000;

let bank: TestService;
beforeAll(async () => {
  bank = await startTestService();
});
afterAll(async () => bank.close());

/** How far a moment the ledger told is from the system's clock, in whole minutes. */
function minutesFromNow(asOf: unknown): number {
  return Math.round((Date.parse(String(asOf)) - Date.now()) / 60_000);
}

it('says with an account when it looked, by the business clock', async () => {
  const moved = await bank.call('accounts', 'PUT', '/internal/business-clock', {
    body: { offsetMs: -DAYS_90_MS },
    key: null,
  });
  expect(moved.status).toBe(200);
  const id = newId(0);
  const minutes = -DAYS_90_MS / 60_000;
  const opened = await bank.control(id, 'alice', 1);
  expect(minutesFromNow(opened.body['asOf'])).toBe(minutes);
  const again = await bank.control(id, 'alice', 1);
  expect([again.status, minutesFromNow(again.body['asOf'])]).toEqual([200, minutes]);

  await bank.call('accounts', 'PUT', '/internal/business-clock', { body: { offsetMs: 0 }, key: null });
  const read = await bank.call('accounts', 'GET', `/internal/accounts/${id}`, { key: null });
  expect(minutesFromNow(read.body['asOf'])).toBe(0);
});
