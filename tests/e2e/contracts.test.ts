import { bankRoutes } from '@florin/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type StartedBank, startTestBank } from './started-bank.ts';

let bank: StartedBank;
beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(async () => bank.close());

it.each(bankRoutes.map((contract) => [contract.operationId, contract] as const))(
  '%s is answered by the service that its contract names',
  async (_, contract) => {
    const { status, body } = await bank.askService(contract);
    // What has no endpoint is `not-found`; an endpoint asks who is there, or speaks of its own.
    expect(body['code']).not.toBe('not-found');
    expect(status).not.toBe(405);
    if (contract.access.kind !== 'public') expect(status).toBe(401);
  },
);
