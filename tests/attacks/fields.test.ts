import { afterAll, beforeAll, describe, it } from 'vitest';
import { changesNothing, expectCleanLog, expectProblem } from './answers.ts';
import { type AttackedBank, newKey, startAttackedBank } from './attacked-bank.ts';
import { NO_AMOUNTS, NOT_THEIRS } from './mutations.ts';
import { eur, send } from './payments.ts';
import { type Cast, castOf } from './people.ts';

let attacked: AttackedBank;
let cast: Cast;
beforeAll(async () => {
  attacked = await startAttackedBank();
  cast = await castOf(attacked);
});
afterAll(() => attacked.close());

describe('T28: what nobody may say of what is theirs', () => {
  it.each(NOT_THEIRS)('T28: %s is refused and changes nothing', async (name, value) => {
    const { alice, carol } = cast;
    const payment = { fromAccountId: alice.accountId, toIban: carol.iban, amount: eur('1.00'), [name]: value };
    const asked = [
      { method: 'POST', path: '/v1/transfers', body: payment },
      { method: 'PATCH', path: `/v1/accounts/${alice.accountId}`, body: { [name]: value } },
      { method: 'PATCH', path: `/v1/accounts/${alice.accountId}`, body: { name: 'Mine', [name]: value } },
      { method: 'PATCH', path: '/v1/me', body: { name: 'Alice', [name]: value } },
      { method: 'POST', path: '/v1/accounts', body: { productCode: 'current-eur', [name]: value } },
    ] as const;
    await changesNothing(attacked, async () => {
      for (const attack of asked) {
        expectProblem(await attacked.ask({ ...attack, token: alice.token, key: newKey() }), 400, 'invalid-request');
      }
    });
  });
});

describe('T30: what is no amount', () => {
  it.each(NO_AMOUNTS.map((amount) => [JSON.stringify(amount), amount]))('T30: %s', async (_, amount) => {
    const { alice, carol } = cast;
    await changesNothing(attacked, async () => {
      const from = { fromAccountId: alice.accountId, toIban: carol.iban };
      expectProblem(await send(attacked, alice, { ...from, amount: { amount, currency: 'EUR' } }), 400);
      const deposit = { accountId: alice.accountId, amount: { amount, currency: 'EUR' } };
      const cash = { method: 'POST', path: '/v1/deposits', token: cast.staff.teller.token, key: newKey() } as const;
      expectProblem(await attacked.ask({ ...cash, body: deposit }), 400);
    });
  });

  it('T30: an amount that is said twice is refused, whichever would have been taken', async () => {
    const { alice, carol } = cast;
    const text = `{"fromAccountId":"${alice.accountId}","toIban":"${carol.iban}","amount":{"amount":"1.00","amount":"900.00","currency":"EUR"}}`;
    const headers = { 'content-type': 'application/json' };
    const attack = { method: 'POST', path: '/v1/transfers', token: alice.token, key: newKey(), text, headers } as const;
    expectProblem(await changesNothing(attacked, () => attacked.ask(attack)), 400, 'invalid-request');
  });
});

it('T47: nothing secret was logged on the way', () => {
  expectCleanLog(attacked);
});
