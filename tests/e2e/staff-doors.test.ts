import { randomUUID } from 'node:crypto';
import type { Role } from '@florin/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type StartedBank, startTestBank } from './started-bank.ts';

let bank: StartedBank;
const tokens = new Map<Role, string>();
beforeAll(async () => {
  bank = await startTestBank();
  for (const role of ['customer', 'teller', 'auditor', 'supervisor', 'admin'] as const) {
    const email = `${role}@example.com`;
    const userId = await bank.signUp(email, role);
    if (role !== 'customer') await bank.setRoles(userId, [role]);
    tokens.set(role, await bank.signIn(email));
  }
});
afterAll(() => bank.close());

const ID = randomUUID();
const ASKED = { action: 'retry', attentionSeq: 1, reason: 'It hangs' };
const saga = (service: string): [string, 'GET' | 'POST', string, Partial<Record<Role, number>>][] => [
  [`read sagas of ${service}`, 'GET', `/v1/sagas/${service}`, { auditor: 200, supervisor: 200 }],
  [`read what is asked at ${service}`, 'GET', `/v1/sagas/${service}/actions`, { auditor: 200, supervisor: 200 }],
  [`read a saga of ${service}`, 'GET', `/v1/sagas/${service}/${ID}`, { auditor: 404, supervisor: 404 }],
  [`ask for something at ${service}`, 'POST', `/v1/sagas/${service}/${ID}/actions`, { supervisor: 404 }],
  [`say yes at ${service}`, 'POST', `/v1/sagas/${service}/actions/${ID}/approve`, { supervisor: 404 }],
  [`say no at ${service}`, 'POST', `/v1/sagas/${service}/actions/${ID}/reject`, { supervisor: 404 }],
];
const letters = (service: string): ReturnType<typeof saga> => [
  [`read dead letters of ${service}`, 'GET', `/v1/dead-letters/${service}`, { admin: 200, supervisor: 200 }],
  [`retry dead letters of ${service}`, 'POST', `/v1/dead-letters/${service}/retry`, { admin: 200, supervisor: 200 }],
];

/** Through the gateway, to the services as they are: who is let in, and what they then find. */
describe('who may', () => {
  it.each([
    ...['users', 'transactions'].flatMap(saga),
    ...['accounts', 'users', 'notifications'].flatMap(letters),
    ['read what is in doubt', 'GET', '/v1/two-phase/in-doubt', { auditor: 200, supervisor: 200 }] as const,
    ['read decisions that are stuck', 'GET', '/v1/two-phase/attention', { auditor: 200, supervisor: 200 }] as const,
  ])('%s', async (_, method, path, answers) => {
    const body = path.endsWith('/actions') && method === 'POST' ? ASKED : undefined;
    const seen: Partial<Record<Role, number>> = {};
    for (const [role, token] of tokens) {
      const { status } = await bank.call(token, method, path, body);
      if (status !== 403) seen[role] = status;
    }
    expect(seen).toEqual(answers);
    expect((await bank.call('', method, path, body)).status).toBe(401);
  });
});
