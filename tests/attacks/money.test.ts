import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesNothing, expectCleanLog, expectProblem } from './answers.ts';
import type { Seen } from './asking.ts';
import { type AttackedBank, newKey, startAttackedBank } from './attacked-bank.ts';
import { eur, openPayer, type Payment, postedMinor, proveBooks, send } from './payments.ts';
import { type Cast, castOf, firstAccount, inAYear, type Person, payIn, person } from './people.ts';

let attacked: AttackedBank;
let cast: Cast;
beforeAll(async () => {
  attacked = await startAttackedBank();
  cast = await castOf(attacked);
});
afterAll(() => attacked.close());

const pay = (payer: Person, body: Payment, key?: string) => send(attacked, payer, body, key);
const payerWith = (name: string, amount: string) => openPayer(attacked, cast.staff.teller.token, name, amount);
const posted = (accountId: string) => postedMinor(attacked, accountId);
const booksBalance = () => proveBooks(attacked, cast.staff.supervisor.token);

const statuses = (answers: readonly Seen[]) =>
  Object.fromEntries([...Map.groupBy(answers, ({ status }) => status)].map(([status, some]) => [status, some.length]));

describe('T31: transfers that must not be', () => {
  it('T31: to the account they come from, in another currency, to no account, and beyond what is there', async () => {
    const { alice, carol } = cast;
    const from = { fromAccountId: alice.accountId };
    await changesNothing(attacked, async () => {
      expectProblem(
        await pay(alice, { ...from, toAccountId: alice.accountId, amount: eur('1.00') }),
        422,
        'same-account',
      );
      expectProblem(await pay(alice, { ...from, toIban: alice.iban, amount: eur('1.00') }), 422, 'same-account');
      const dollars = { amount: '1.00', currency: 'USD' };
      expectProblem(await pay(alice, { ...from, toIban: carol.iban, amount: dollars }), 422, 'currency-mismatch');
      const nowhere = { ...from, toIban: 'DE89370400440532013000', amount: eur('1.00') };
      expectProblem(await pay(alice, nowhere), 404, 'account-not-found');
      expectProblem(
        await pay(alice, { ...from, toIban: carol.iban, amount: eur('5000.00') }),
        422,
        'insufficient-funds',
      );
    });
  });

  it('T31: a standing order that begins yesterday', async () => {
    const { alice, carol } = cast;
    const order = {
      fromAccountId: alice.accountId,
      toIban: carol.iban,
      payeeName: 'Carol Counterparty',
      amount: eur('1.00'),
      frequency: 'weekly',
      startDate: '2020-01-01',
    };
    const attack = {
      method: 'POST',
      path: '/v1/standing-orders',
      token: alice.token,
      key: newKey(),
      body: order,
    } as const;
    expectProblem(await changesNothing(attacked, () => attacked.ask(attack)), 400, 'invalid-date');
  });

  it('T31: from a frozen account, and from and to a closed one', async () => {
    const { carol } = cast;
    const payer = await payerWith('Fred Frozen', '5.00');
    const act = (token: string, action: string, body?: object) =>
      attacked.ask({ method: 'POST', path: `/v1/accounts/${payer.accountId}/${action}`, token, body });
    const payment = { fromAccountId: payer.accountId, toIban: carol.iban, amount: eur('1.00') };
    expect((await act(payer.token, 'freeze', { reason: 'My phone is gone' })).status).toBe(200);
    expectProblem(await pay(payer, payment), 409, 'account-not-active');
    // Whoever has the phone has the session too: they can not undo it.
    expectProblem(await act(payer.token, 'unfreeze', { reason: 'I want it back' }), 403, 'forbidden');
    expectProblem(await act(payer.token, 'close'), 409, 'account-frozen');
    expect(await posted(payer.accountId)).toBe('500');
    const asked = await act(cast.staff.teller.token, 'unfreeze', { reason: 'Identified at the counter' });
    expectProblem(await pay(payer, payment), 409, 'account-not-active');
    const lift = `/v1/approvals/accounts/${asked.body['id']}/approve`;
    const lifted = await attacked.ask({ method: 'POST', path: lift, token: cast.staff.supervisor.token });
    expect(lifted.body['status']).toBe('done');
    expect((await pay(payer, { ...payment, amount: eur('5.00') })).status).toBe(201);
    expect((await act(payer.token, 'close')).status).toBe(200);
    expectProblem(await pay(payer, payment), 409, 'account-not-active');
    const { alice } = cast;
    const into = { fromAccountId: alice.accountId, toAccountId: payer.accountId, amount: eur('1.00') };
    expectProblem(await pay(alice, into), 409, 'account-not-active');
  });
});

describe('T32: more debits at once than there is money', () => {
  it('T32: fifty of them, by the gateway: ten are booked, and the books still add up', async () => {
    const payer = await payerWith('Rita Racer', '100.00');
    const payment = { fromAccountId: payer.accountId, toIban: cast.carol.iban, amount: eur('10.00') };
    const answers = await Promise.all(Array.from({ length: 50 }, () => pay(payer, payment)));
    expect(statuses(answers)).toEqual({ 201: 10, 422: 40 });
    expect(await posted(payer.accountId)).toBe('0');
    await booksBalance();
  });

  it('T32: fifty of them, straight at the service, as transfers and in batches', async () => {
    const payer = await payerWith('Ralf Racer', '100.00');
    const principal = { subject: payer.id, kind: 'person', roles: ['customer'] } as const;
    const token = await attacked.bank.tokens.mint(principal, 'transactions');
    const ask = attacked.askService('transactions');
    const payment = { fromAccountId: payer.accountId, toIban: cast.carol.iban, amount: eur('10.00') };
    const batch = (index: number) => ({ mode: 'independent', items: [{ ...payment, key: `item-${index}` }] });
    const booked = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const isSingle = index % 2 === 0;
        const path = isSingle ? '/v1/transfers' : '/v1/transfer-batches';
        const seen = await ask({ method: 'POST', path, token, key: newKey(), body: isSingle ? payment : batch(index) });
        return isSingle ? seen.status === 201 : seen.text.includes('"status":201');
      }),
    );
    expect(booked.filter(Boolean)).toHaveLength(10);
    expect(await posted(payer.accountId)).toBe('0');
    await booksBalance();
  });
});

describe('T33: one key', () => {
  it('T33: sent twenty times at once moves money once, and every answer is the same', async () => {
    const payer = await payerWith('Rosa Repeat', '100.00');
    const payment = { fromAccountId: payer.accountId, toIban: cast.carol.iban, amount: eur('10.00') };
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 20 }, () => pay(payer, payment, key)));
    const done = answers.filter(({ status }) => status === 201);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    expect(await posted(payer.accountId)).toBe('9000');
    const again = await pay(payer, payment, key);
    expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
    expect(again.text).toBe(done[0]?.text);
  });

  it('T33: with another body is refused, and with none, or two, nothing is begun', async () => {
    const { alice, carol } = cast;
    const payment = { fromAccountId: alice.accountId, toIban: carol.iban, amount: eur('1.00') };
    const key = newKey();
    expect((await pay(alice, payment, key)).status).toBe(201);
    await changesNothing(attacked, async () => {
      expectProblem(await pay(alice, { ...payment, amount: eur('2.00') }, key), 422, 'idempotency-key-reused');
      const keyless = { method: 'POST', path: '/v1/transfers', token: alice.token, body: payment } as const;
      expectProblem(await attacked.ask(keyless), 400, 'idempotency-key-missing');
      expectProblem(await attacked.ask({ ...keyless, key: 'x'.repeat(256) }), 400, 'idempotency-key-invalid');
    });
  });

  it('T33: of somebody else says nothing of what they did with it', async () => {
    const { alice, bob, carol } = cast;
    const key = newKey();
    const hers = await pay(alice, { fromAccountId: alice.accountId, toIban: carol.iban, amount: eur('1.00') }, key);
    const his = await pay(bob, { fromAccountId: bob.accountId, toIban: carol.iban, amount: eur('1.00') }, key);
    expect([hers.status, his.status]).toEqual([201, 201]);
    expect(his.headers['idempotency-replayed']).toBeUndefined();
    expect(his.body['id']).not.toBe(hers.body['id']);
    expect(his.text).not.toContain(alice.accountId);
  });
});

describe('T34: the limit of a day', () => {
  it('T34: holds for all ways out together, however many at once', async () => {
    const payer = await payerWith('Lara Limit', '500.00');
    const path = `/v1/accounts/${payer.accountId}`;
    const limit = (token: string, amount: string) =>
      attacked.ask({ method: 'PATCH', path, token, body: { dailyLimit: eur(amount) } });
    expect((await limit(cast.staff.teller.token, '100.00')).status).toBe(200);
    const payment = { fromAccountId: payer.accountId, toIban: cast.carol.iban, amount: eur('20.00') };
    const batch = {
      mode: 'independent',
      items: [
        { ...payment, key: 'one' },
        { ...payment, key: 'two' },
      ],
    };
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, () => pay(payer, payment)),
      ...Array.from({ length: 5 }, () =>
        attacked.ask({ method: 'POST', path: '/v1/transfer-batches', token: payer.token, key: newKey(), body: batch }),
      ),
    ]);
    expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
    expect(await posted(payer.accountId)).toBe('40000');
    // To raise it is for staff; who has the session of a customer has not got that far.
    expectProblem(await limit(payer.token, '900.00'), 403, 'staff-only');
    expectProblem(await pay(payer, payment), 422, 'daily-limit-exceeded');
  });
});

describe('T36: steps out of their order', () => {
  it('T36: a transfer is taken back once, however many try at once, and by staff alone', async () => {
    const payer = await payerWith('Otto Undo', '50.00');
    const payment = { fromAccountId: payer.accountId, toIban: cast.carol.iban, amount: eur('50.00') };
    const { id } = (await pay(payer, payment)).body;
    const undo = (token: string) =>
      attacked.ask({
        method: 'POST',
        path: `/v1/transfers/${id}/reversal`,
        token,
        key: newKey(),
        body: { reason: 'Sent by mistake' },
      });
    expectProblem(await undo(payer.token), 403, 'forbidden');
    const answers = await Promise.all(Array.from({ length: 10 }, () => undo(cast.staff.teller.token)));
    expect(statuses(answers)).toEqual({ 202: 1, 409: 9 });
    expect(await posted(payer.accountId)).toBe('0');
    const asked = answers.find(({ status }) => status === 202)?.body['id'];
    const approve = (token: string) =>
      attacked.ask({ method: 'POST', path: `/v1/approvals/transactions/${asked}/approve`, token });
    const { supervisor } = cast.staff;
    const ends = await Promise.all(Array.from({ length: 10 }, () => approve(supervisor.token)));
    expect(statuses(ends)).toEqual({ 200: 1, 409: 9 });
    expectProblem(await undo(cast.staff.teller.token), 409, 'already-reversed');
    expect(await posted(payer.accountId)).toBe('5000');
    await booksBalance();
  });

  it('T36: a hold is nothing for people, at the gateway or at the service', async () => {
    const { alice } = cast;
    const body = { accountId: alice.accountId, amount: eur('1.00') };
    const attack = { method: 'POST', path: '/internal/holds', key: newKey(), body } as const;
    expectProblem(await attacked.ask({ ...attack, token: alice.token }), 404, 'not-found');
    const principal = { subject: alice.id, kind: 'person', roles: ['admin'] } as const;
    const token = await attacked.bank.tokens.mint(principal, 'transactions');
    await changesNothing(attacked, async () => {
      expectProblem(await attacked.askService('transactions')({ ...attack, token }), 403, 'forbidden');
    });
  });

  it('T36: a standing order that is cancelled stays so', async () => {
    const { bob } = cast;
    const act = (action: string, body?: object) =>
      attacked.ask({
        method: 'POST',
        path: `/v1/standing-orders/${bob.standingOrderId}/${action}`,
        token: bob.token,
        body,
      });
    expect((await act('cancel')).status).toBe(200);
    await changesNothing(attacked, async () => {
      for (const action of ['resume', 'pause']) expectProblem(await act(action), 409, 'standing-order-over');
      expectProblem(await act('skip', { date: inAYear() }), 409, 'standing-order-over');
    });
  });
});

describe('T35: staff and their own money', () => {
  it('T35: who works here and banks here serves themselves in nothing', async () => {
    const clerk = await person(attacked, 'Clara Clerk', ['customer', 'teller']);
    const { id: accountId } = await firstAccount(attacked, clerk.token);
    await payIn(attacked, cast.staff.teller.token, accountId, '100.00');
    const payment = { fromAccountId: accountId, toIban: cast.carol.iban, amount: eur('10.00') };
    const { id: transferId } = (await pay(clerk, payment)).body;
    const post = (path: string, body: object) =>
      attacked.ask({ method: 'POST', path, token: clerk.token, key: newKey(), body });
    await changesNothing(attacked, async () => {
      const limit = { method: 'PATCH', path: `/v1/accounts/${accountId}`, token: clerk.token } as const;
      expectProblem(await attacked.ask({ ...limit, body: { dailyLimit: eur('9999.00') } }), 403, 'staff-only');
      expectProblem(await post(`/v1/accounts/${accountId}/unfreeze`, { reason: 'For myself' }), 403, 'staff-only');
      const cash = { accountId, amount: eur('50.00'), reference: 'From nowhere' };
      expectProblem(await post('/v1/deposits', cash), 403, 'own-account');
      expectProblem(await post('/v1/withdrawals', cash), 403, 'own-account');
      expectProblem(await post(`/v1/transfers/${transferId}/reversal`, { reason: 'For myself' }), 403, 'own-account');
    });
  });
});

it('T47: nothing secret was logged on the way', () => {
  expectCleanLog(attacked);
});
