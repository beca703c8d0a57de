import { newId, utcDate } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addDays, addMonths } from '../domain/calendar.ts';
import { startTestService, type TestService } from '../testing/test-service.ts';

let bank: TestService;
let alice: string;
let bob: string;
let bobsIban: string;
let today: string;

beforeAll(async () => {
  bank = await startTestService();
  // A day that has just begun, so that it does not end while the tests run.
  const nowMs = Date.now();
  await bank.call('accounts', 'PUT', '/internal/business-clock', {
    key: null,
    body: { offsetMs: Date.parse(`${addDays(utcDate(nowMs), 1)}T00:00:00Z`) - nowMs },
  });
  today = addDays(utcDate(nowMs), 1);
  alice = await bank.open('alice', '1000.00');
  bob = await bank.open('bob');
  bobsIban = await ibanOf(bob);
});
afterAll(() => bank.close());

async function ibanOf(id: string): Promise<string> {
  return String((await bank.call('accounts', 'GET', `/internal/accounts/${id}`, { key: null })).body['iban']);
}

const PATH = '/v1/standing-orders';

function fields(more: object = {}) {
  const amount = { amount: '9.50', currency: 'EUR' };
  const later = addMonths(today, 1);
  return {
    fromAccountId: alice,
    toIban: bobsIban,
    payeeName: 'Bob',
    amount,
    frequency: 'monthly',
    startDate: later,
    ...more,
  };
}

function create(more: object = {}, key = newId(0), who: 'alice' | 'bob' = 'alice') {
  return bank.call(who, 'POST', PATH, { body: fields(more), key });
}

function act(id: string, action: string, body?: object, who: 'alice' | 'bob' = 'alice') {
  return bank.call(who, 'POST', `${PATH}/${id}/${action}`, { key: null, ...(body === undefined ? {} : { body }) });
}

function read(path: string, who: 'alice' | 'bob' = 'alice') {
  return bank.call(who, 'GET', path, { key: null });
}

describe('a standing order', () => {
  it('is made, shown, listed, and paid by the bank on its own', async () => {
    const made = await create({ startDate: today, reference: 'pocket money', toIban: ` ${bobsIban.toLowerCase()} ` });
    expect([made.status, made.body]).toEqual([
      201,
      {
        id: made.body.id,
        status: 'active',
        fromAccountId: alice,
        toIban: bobsIban,
        payeeName: 'Bob',
        amount: { amount: '9.50', currency: 'EUR' },
        reference: 'pocket money',
        frequency: 'monthly',
        startDate: today,
        endDate: null,
        nextDate: today,
        attempts: 0,
        createdAt: expect.stringContaining(today),
      },
    ]);
    const { id } = made.body;
    const done = await vi.waitFor(async () => {
      const { body } = await read(`${PATH}/${id}/executions`);
      expect(body['data']).toHaveLength(1);
      return body;
    }, 10_000);
    expect(done).toEqual({
      data: [
        { dueDate: today, attempt: 1, outcome: 'completed', transferId: expect.any(String), at: expect.any(String) },
      ],
      nextCursor: null,
    });
    const [{ transferId }] = done['data'] as [{ transferId: string }];
    expect((await read(`/v1/transfers/${transferId}`, 'bob')).body).toMatchObject({
      reference: 'pocket money',
      toAccountId: bob,
    });
    expect((await read(`${PATH}/${id}`)).body).toMatchObject({ status: 'active', nextDate: addMonths(today, 1) });
    expect(await bank.moneyOf(bob)).toBe('950 0');
  });

  it('is paused, resumed, skipped and cancelled, and says so', async () => {
    const { id } = (await create()).body;
    const [first, second] = [addMonths(today, 1), addMonths(today, 2)];
    expect((await act(id, 'pause')).body).toMatchObject({
      status: 'paused',
      pausedBecause: 'by-owner',
      nextDate: first,
    });
    expect((await act(id, 'pause')).status).toBe(200);
    expect((await act(id, 'resume')).body).toMatchObject({ status: 'active', nextDate: first });
    expect((await act(id, 'skip', { date: first })).body).toMatchObject({ nextDate: second });
    const again = await act(id, 'skip', { date: first });
    expect([again.status, again.body.code]).toEqual([409, 'not-the-next-date']);
    expect((await act(id, 'cancel')).body).toMatchObject({ status: 'cancelled', nextDate: null });
    expect((await act(id, 'cancel')).status).toBe(200);
    for (const [action, body] of [['pause'], ['resume'], ['skip', { date: second }]] as const) {
      const late = await act(id, action, body);
      expect([late.status, late.body.code]).toEqual([409, 'standing-order-over']);
    }
    expect((await read(`${PATH}/${id}/executions`)).body['data']).toEqual([
      { dueDate: first, attempt: 1, outcome: 'skipped', at: expect.any(String) },
    ]);
  });

  it('is skipped once by two clicks at once', async () => {
    const { id } = (await create()).body;
    const date = addMonths(today, 1);
    const clicks = await Promise.all([1, 2, 3, 4].map(() => act(id, 'skip', { date })));
    expect(clicks.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    expect((await read(`${PATH}/${id}`)).body['nextDate']).toBe(addMonths(today, 2));
  });

  it('is listed by its next date, and after those that are not over', async () => {
    const carol = await bank.open('bob', '10.00');
    const make = async (more: object) =>
      (await create({ fromAccountId: carol, toIban: await ibanOf(alice), ...more }, newId(0), 'bob')).body.id;
    const late = await make({ startDate: addMonths(today, 3) });
    const soon = await make({ startDate: addMonths(today, 1) });
    const gone = await make({});
    const paused = await make({ startDate: addMonths(today, 2) });
    await act(gone, 'cancel', undefined, 'bob');
    await act(paused, 'pause', undefined, 'bob');
    const { body } = await read(PATH, 'bob');
    expect((body['data'] as { id: string }[]).map(({ id }) => id)).toEqual([soon, paused, late, gone]);
  });

  it('shows what became of it page by page', async () => {
    const { id } = (await create({ frequency: 'weekly', startDate: addDays(today, 7) })).body;
    for (let week = 1; week <= 5; week += 1) await act(id, 'skip', { date: addDays(today, 7 * week) });
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await read(`${PATH}/${id}/executions?limit=2${cursor}`);
      seen.push(...(body['data'] as { dueDate: string }[]).map(({ dueDate }) => dueDate));
      cursor = body['nextCursor'] === null ? '' : `&cursor=${String(body['nextCursor'])}`;
    } while (cursor !== '');
    expect(seen).toEqual([5, 4, 3, 2, 1].map((week) => addDays(today, 7 * week)));
    for (const bad of ['x', '2026-02-30.1', `${today}.`, `${today}.1.1`, '1']) {
      const { status, body } = await read(`${PATH}/${id}/executions?cursor=${bad}`);
      expect([status, body.code]).toEqual([400, 'invalid-cursor']);
    }
  });
});

describe('the same key again', () => {
  it('gets the same bytes and makes no second order', async () => {
    const key = newId(0);
    const before = ((await read(PATH)).body['data'] as unknown[]).length;
    const first = await create({ reference: 'once' }, key);
    const again = await create({ reference: 'once', toIban: bobsIban.replace(/(....)/g, '$1 ') }, key);
    expect([again.status, again.text, again.headers.get('idempotency-replayed')]).toEqual([201, first.text, 'true']);
    expect((await read(PATH)).body['data']).toHaveLength(before + 1);
    const other = await create({ reference: 'twice' }, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  it('makes one order of twenty requests at once', async () => {
    const key = newId(0);
    const answers = await Promise.all(Array.from({ length: 20 }, () => create({}, key)));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
  });

  it('gets the refusal of a rule again, and what was not there anew', async () => {
    const key = newId(0);
    const to = newId(0);
    const same = await create({ toIban: await ibanOf(alice) }, key);
    expect([same.status, same.body.code]).toEqual([422, 'same-account']);
    expect((await create({ toIban: await ibanOf(alice) }, key)).headers.get('idempotency-replayed')).toBe('true');
    const missing = newId(0);
    expect((await create({ fromAccountId: to }, missing)).status).toBe(404);
    await bank.control(to, 'alice', 1);
    expect((await create({ fromAccountId: to }, missing)).status).toBe(201);
  });

  it('is needed', async () => {
    const { status, body } = await bank.call('alice', 'POST', PATH, { body: fields(), key: null });
    expect([status, body.code]).toEqual([400, 'idempotency-key-missing']);
  });
});

describe("somebody else's order", () => {
  it('is not there: 404, the same as for one that never was', async () => {
    const { id } = (await create()).body;
    const paths = ['', '/executions'];
    const actions: [string, object?][] = [['pause'], ['resume'], ['skip', { date: addMonths(today, 1) }], ['cancel']];
    const answersFor = async (orderId: string) => [
      ...(await Promise.all(paths.map((path) => read(`${PATH}/${orderId}${path}`, 'bob')))),
      ...(await Promise.all(actions.map(([action, body]) => act(orderId, action, body, 'bob')))),
    ];
    const without = ({ body }: { body: object }) => ({ ...body, traceId: '' });
    const [his, nobodys] = [await answersFor(id), await answersFor(newId(0))];
    expect(his.map(without)).toEqual(nobodys.map(without));
    for (const { status, body } of his) expect([status, body.code]).toEqual([404, 'standing-order-not-found']);
    expect((await read(`${PATH}/${id}`)).body.status).toBe('active');
  });

  it('nor may one be made from an account of theirs, or by staff', async () => {
    const theirs = await create({ fromAccountId: bob });
    expect([theirs.status, theirs.body.code]).toEqual([404, 'account-not-found']);
    expect((await bank.call('tessa', 'POST', PATH, { body: fields() })).status).toBe(403);
    expect((await bank.call('nobody', 'GET', PATH, { key: null })).status).toBe(401);
  });
});

describe('what can not be ordered', () => {
  const money = (amount: string, currency = 'EUR') => ({ amount: { amount, currency } });

  it.each<[string, () => object, number, string]>([
    ['nothing', () => money('0'), 400, 'invalid-amount'],
    ['less than nothing', () => money('-1.00'), 400, 'invalid-amount'],
    ['18 digits', () => money('999999999999999999'), 400, 'invalid-amount'],
    ['half a cent', () => money('0.005'), 400, 'invalid-amount'],
    ['yen with decimals', () => money('10.5', 'JPY'), 400, 'invalid-amount'],
    ['dinars with four decimals', () => money('1.0001', 'KWD'), 400, 'invalid-amount'],
    ['dinars with three, of accounts in euros', () => money('1.001', 'KWD'), 422, 'currency-mismatch'],
    ['no currency there is', () => money('1', 'ZZZ'), 400, 'unknown-currency'],
    ['a start that is no day', () => ({ startDate: '2027-02-29' }), 400, 'invalid-date'],
    ['a start in the past', () => ({ startDate: addDays(today, -1) }), 400, 'invalid-date'],
    ['a start in three years', () => ({ startDate: addMonths(today, 36) }), 400, 'invalid-date'],
    ['an end that is no day', () => ({ endDate: '2099-02-29' }), 400, 'invalid-date'],
    ['an end before the start', () => ({ endDate: today }), 400, 'invalid-date'],
    ['a date of other words', () => ({ startDate: 'tomorrow' }), 400, 'invalid-request'],
    ['an end that is null', () => ({ endDate: null }), 400, 'invalid-request'],
    ['a frequency there is not', () => ({ frequency: 'daily' }), 400, 'invalid-request'],
    ['an unknown field', () => ({ owner: 'bob' }), 400, 'invalid-request'],
    ['a payee without a name', () => ({ payeeName: ' ' }), 400, 'invalid-request'],
    ['an end of line in the reference', () => ({ reference: 'a\nb' }), 400, 'invalid-request'],
    ['an IBAN with a wrong digit', () => ({ toIban: 'NL92ABNA0417164300' }), 400, 'invalid-payee'],
    ['a payee at another bank', () => ({ toIban: 'NL91ABNA0417164300' }), 400, 'invalid-payee'],
    ['a payee that is not there', () => ({ toIban: 'NL70FLRN9999999999' }), 404, 'account-not-found'],
  ])('%s', async (_, more, status, code) => {
    const answer = await create(more());
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('more than a customer may have, however many are asked for at once', async () => {
    const from = await bank.open('alice', '1.00');
    const open = async () =>
      ((await read(PATH)).body['data'] as { status: string }[]).filter(
        ({ status }) => status === 'active' || status === 'paused',
      ).length;
    // They wait for one another, some for longer than the database lets them: those ask again, as they are told to.
    const createInTheEnd = async () => {
      const key = newId(0);
      for (;;) {
        const answer = await create({ fromAccountId: from }, key);
        if (answer.status !== 503) return answer;
      }
    };
    const answers = await Promise.all(Array.from({ length: 110 }, createInTheEnd));
    const refused = answers.filter(({ status }) => status === 422);
    expect(refused.map(({ body }) => body.code)).toEqual(refused.map(() => 'too-many-standing-orders'));
    expect([await open(), refused.length > 0]).toEqual([100, true]);
  });
});
