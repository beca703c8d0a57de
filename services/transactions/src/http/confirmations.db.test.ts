import type { AuditAction } from '@florin/contracts';
import { openDatabase, sql } from '@florin/postgres';
import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Challenge, challengeIn, confirmAt, type Paid, payAt } from '../testing/test-confirmations.ts';
import { MIA, startTestService, type TestService } from '../testing/test-service.ts';

let service: TestService;
let from: string;
let to: string;
const heard: AuditAction[] = [];

beforeAll(async () => {
  service = await startTestService();
  service.broker.subscribe({
    group: 'witness',
    topics: ['audit.action.v1'],
    async handle(events) {
      heard.push(...events.map(({ data }) => data as AuditAction));
    },
  });
  from = await service.open(MIA, '50000.00');
  to = await service.open('bob');
});
afterAll(() => service.close());

const confirm = (id: string, code?: string, who?: 'mia' | 'miaElsewhere' | 'bob') => confirmAt(service, id, code, who);
const pay = (amount: string, more: Paid & { readonly payee?: string } = {}) =>
  payAt(service, from, more.payee ?? to, amount, more);

/** A confirmed challenge for a payment. */
async function confirmed(amount: string): Promise<string> {
  const { id } = challengeIn(await pay(amount));
  expect((await confirm(id)).status).toBe(200);
  return id;
}

/** As if five minutes had passed; the service itself may not change when a challenge ends. */
async function endNow(id: string): Promise<void> {
  const owner = openDatabase({ url: service.own?.ownerUrl ?? '', applicationName: 'test', poolSize: 1 });
  await owner.execute(sql`UPDATE confirmation SET expires_at = now() WHERE id = ${id}`);
  await owner.close();
}

describe('a payment that is confirmed', () => {
  it('is asked for with its payee and amount, and made once under one key', async () => {
    const key = newId(0);
    const before = await service.moneyOf(from);
    const asked = await pay('250.00', { key });
    expect([asked.status, asked.body.code]).toEqual([403, 'confirmation-required']);
    const challenge = challengeIn(asked);
    expect(challenge.amount).toEqual({ amount: '250.00', currency: 'EUR' });
    expect(challenge.payee).toEqual({ iban: expect.stringMatching(/^NL..FLRN/), name: null });
    expect(await service.moneyOf(from)).toBe(before);

    expect((await confirm(challenge.id)).body).toMatchObject({ id: challenge.id, status: 'confirmed' });
    const paid = await pay('250.00', { key, confirmation: challenge.id });
    expect(paid.status).toBe(201);
    const replayed = await pay('250.00', { key });
    expect([replayed.text, replayed.headers.get('idempotency-replayed')]).toEqual([paid.text, 'true']);
  });

  it('is in the audit trail as asked, answered and used', async () => {
    const id = await confirmed('251.00');
    await pay('251.00', { confirmation: id });
    await expect
      .poll(() => heard.filter(({ resource }) => resource === `confirmation:${id}`).map(({ action }) => action))
      .toEqual(['confirmation.ask', 'confirmation.answer', 'confirmation.use']);
  });

  it('is confirmed by a passkey that signs its hash', async () => {
    const { id, hash } = challengeIn(await pay('252.00'));
    const options = await service.call('mia', 'POST', `/v1/confirmations/${id}/passkey-options`, { key: null });
    expect(options.body).toMatchObject({ challenge: hash, userVerification: 'required' });
    const part = 'AAAA';
    const assertion = { id: part, clientDataJSON: part, authenticatorData: part, signature: part, userHandle: null };
    const answer = await service.call('mia', 'POST', `/v1/confirmations/${id}`, { body: { assertion }, key: null });
    expect(answer.status).toBe(200);
    expect(service.factors.signed).toContain(`${MIA} ${hash}`);
    expect((await pay('252.00', { confirmation: id })).status).toBe(201);
  });

  it('is not asked for before it is right otherwise', async () => {
    const tooMuch = await pay('999999.00');
    expect(tooMuch.body.code).toBe('insufficient-funds');
    const strange = await service.transfer('mia', to, from, '100.00');
    expect([strange.status, strange.body.code]).toEqual([404, 'account-not-found']);
  });
});

describe('a confirmation', () => {
  it.each([
    ['of another amount', (confirmation: string) => pay('300.01', { confirmation })],
    ['of another reference', (confirmation: string) => pay('300.00', { confirmation, fields: { reference: 'other' } })],
    [
      'of another payee',
      async (confirmation: string) => pay('300.00', { confirmation, payee: await service.open('carol') }),
    ],
    ['that was never asked for', () => pay('300.00', { confirmation: newId(0) })],
    [
      'of another sign-in',
      (confirmation: string) =>
        service.transfer('miaElsewhere', from, to, '300.00', { headers: { 'x-confirmation': confirmation } }),
    ],
  ])('%s is refused, and no money moves', async (_, attempt) => {
    const good = await confirmed('300.00');
    const journals = await service.journalCount();
    const answer = await attempt(good);
    expect([answer.status, answer.body.code]).toEqual([403, 'confirmation-refused']);
    expect(await service.journalCount()).toBe(journals);
    expect((await pay('300.00', { confirmation: good })).status).toBe(201);
  });

  it('that was not answered yet, is used, or is over is refused', async () => {
    const { id } = challengeIn(await pay('301.00'));
    expect((await pay('301.00', { confirmation: id })).body.code).toBe('confirmation-refused');
    await confirm(id);
    expect((await pay('301.00', { confirmation: id })).status).toBe(201);
    expect((await pay('301.00', { confirmation: id })).body.code).toBe('confirmation-refused');

    const late = await confirmed('302.00');
    await endNow(late);
    expect((await pay('302.00', { confirmation: late })).body.code).toBe('confirmation-refused');
    expect((await confirm(late)).body.code).toBe('confirmation-over');
  });

  it('pays once, of however many that ask at the same moment', async () => {
    const id = await confirmed('303.00');
    const journals = await service.journalCount();
    const answers = await Promise.all(Array.from({ length: 8 }, () => pay('303.00', { confirmation: id })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'confirmation-refused')).toHaveLength(7);
    expect(await service.journalCount()).toBe(journals + 1n);
  });

  it('is somebody else’s, or of another sign-in: as one that does not exist', async () => {
    const { id } = challengeIn(await pay('304.00'));
    const answers = [
      await confirm(id, undefined, 'bob'),
      await confirm(id, undefined, 'miaElsewhere'),
      await confirm(newId(0)),
    ];
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(
      Array.from({ length: 3 }, () => [404, 'confirmation-not-found']),
    );
  });

  it('takes exactly one proof, and no wrong code', async () => {
    const { id } = challengeIn(await pay('305.00'));
    const wrong = await confirm(id, '000000');
    expect([wrong.status, wrong.body.code]).toEqual([401, 'wrong-code']);
    expect((await pay('305.00', { confirmation: id })).body.code).toBe('confirmation-refused');
    const none = await service.call('mia', 'POST', `/v1/confirmations/${id}`, { body: {}, key: null });
    expect([none.status, none.body.code]).toEqual([400, 'invalid-request']);
    const unreadable = await pay('305.00', { confirmation: 'x' });
    expect([unreadable.status, unreadable.body.code]).toEqual([400, 'invalid-request']);
  });
});

describe('what is exempt', () => {
  it('to an account of one’s own, and not to one that is shared', async () => {
    const own = await service.open(MIA);
    expect((await pay('400.00', { payee: own })).status).toBe(201);
    const shared = await service.open(MIA, '0', { owners: [MIA, 'bob'] });
    expect((await pay('400.00', { payee: shared })).body.code).toBe('confirmation-required');
  });

  it('five small payments in a row, and again five after one that was confirmed', async () => {
    const account = await service.open(MIA, '1000.00');
    const send = (amount: string) => service.transfer('mia', account, to, amount);
    const five = async () => {
      const answers = [];
      for (let index = 0; index < 6; index += 1) answers.push((await send('1.00')).status);
      return answers;
    };
    expect(await five()).toEqual([201, 201, 201, 201, 201, 403]);
    const { id } = challengeIn(await send('1.00'));
    await confirm(id);
    const headers = { 'x-confirmation': id };
    expect((await service.transfer('mia', account, to, '1.00', { headers })).status).toBe(201);
    expect(await five()).toEqual([201, 201, 201, 201, 201, 403]);
  });

  it('counts small payments that are booked together with payments that need nothing', async () => {
    const account = await service.open(MIA, '1000.00');
    const own = await service.open(MIA);
    const small = () => service.transfer('mia', account, to, '1.00');
    const items = [to, to, to, to, to, own].map((toAccountId) => ({
      key: newId(0),
      fromAccountId: account,
      toAccountId,
      amount: { amount: '1.00', currency: 'EUR' },
    }));
    const booked = await service.call('mia', 'POST', '/v1/transfer-batches', { body: { mode: 'atomic', items } });
    expect(booked.body.items.map(({ status }) => status)).toEqual(items.map(() => 201));
    expect((await small()).status).toBe(403);
  });

  it('of twenty small payments at the same moment, as many as fit in a hundred', async () => {
    const account = await service.open(MIA, '1000.00');
    const all = Array.from({ length: 20 }, () => service.transfer('mia', account, to, '30.00'));
    const paid = (await Promise.all(all)).filter(({ status }) => status === 201);
    expect(paid).toHaveLength(3);
    expect(await service.moneyOf(account)).toBe('91000 0');
  });

  it('in a batch they count one after the other, and what is left over is asked for', async () => {
    const account = await service.open(MIA, '1000.00');
    const item = (key: string, amount: string, more = {}) => ({
      key,
      fromAccountId: account,
      toAccountId: to,
      amount: { amount, currency: 'EUR' },
      ...more,
    });
    const keys = Array.from({ length: 6 }, () => newId(0));
    const send = (mode: string, items: object[]) =>
      service.call('mia', 'POST', '/v1/transfer-batches', { body: { mode, items } });
    const atomic = await send(
      'atomic',
      keys.map((key) => item(key, '1.00')),
    );
    expect(atomic.body.items.map(({ problem }) => problem?.code)).toEqual([
      ...Array.from({ length: 5 }, () => 'batch-not-applied'),
      'confirmation-required',
    ]);
    const large = newId(0);
    const first = await send('independent', [item(large, '500.00'), item(newId(0), '1.00')]);
    expect(first.body.items.map(({ status }) => status)).toEqual([403, 201]);
    const challenge = first.body.items[0]?.problem?.['challenge'] as Challenge;
    await confirm(challenge.id);
    const second = await send('independent', [item(large, '500.00', { confirmation: challenge.id })]);
    expect(second.body.items.map(({ status }) => status)).toEqual([201]);
  });
});
