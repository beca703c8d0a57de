import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, startTestService, type TestService } from '../testing/test-service.ts';

let bank: TestService;

beforeAll(async () => {
  bank = await startTestService();
});
afterAll(() => bank.close());

interface Item {
  readonly from: string;
  readonly to: string;
  readonly amount: string;
  readonly key?: string;
  readonly currency?: string;
  readonly more?: object;
}

function itemOf({ from, to, amount, key = newId(0), currency = 'EUR', more = {} }: Item) {
  return { key, fromAccountId: from, toAccountId: to, amount: { amount, currency }, ...more };
}

function submit(mode: 'atomic' | 'independent', items: readonly object[], key = newId(0)): Promise<Answer> {
  return bank.call('alice', 'POST', '/v1/transfer-batches', { body: { mode, items }, key });
}

/** Each item as `status` and, when it is a problem, its code. */
function wordsOf(answer: Answer): string[] {
  return answer.body.items.map(({ status, problem }) =>
    problem === undefined ? `${status}` : `${status} ${problem.code}`,
  );
}

async function pair(amount = '10.00') {
  return { from: await bank.open('alice', amount), to: await bank.open('bob') };
}

describe('an atomic batch', () => {
  it('books all, each over what the one before left', async () => {
    const { from, to } = await pair();
    const back = await bank.open('alice');
    const items = [
      { from, to: back, amount: '10.00' },
      { from: back, to, amount: '9.00' },
    ].map(itemOf);
    const answer = await submit('atomic', items);
    expect([answer.status, wordsOf(answer)]).toEqual([200, ['201', '201']]);
    expect(answer.body.items[1]?.transfer).toMatchObject({ status: 'completed', toAccountId: to });
    expect([await bank.moneyOf(from), await bank.moneyOf(back), await bank.moneyOf(to)]).toEqual([
      '0 0',
      '100 0',
      '900 0',
    ]);
  });

  it('books none when one is refused, and names the one', async () => {
    const { from, to } = await pair();
    const items = ['6.00', '5.00', '1.00'].map((amount) => itemOf({ from, to, amount }));
    const key = newId(0);
    const answer = await submit('atomic', items, key);
    const expected = ['422 batch-not-applied', '422 insufficient-funds', '422 batch-not-applied'];
    expect([answer.status, wordsOf(answer)]).toEqual([200, expected]);
    expect([await bank.moneyOf(from), await bank.moneyOf(to)]).toEqual(['1000 0', '0 0']);
    const again = await submit('atomic', items, key);
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([answer.text, 'true']);
    // The keys of items that were not booked are free.
    const [first] = items;
    const { key: itemKey, ...body } = first ?? { key: '' };
    expect((await bank.call('alice', 'POST', '/v1/transfers', { body, key: itemKey })).status).toBe(201);
  });

  it.each([
    ['an unknown payee', { toAccountId: '0190b0a8-1234-7abc-8def-0123456789ab' }, '404 account-not-found'],
    ['an amount that is none', { amount: { amount: '0', currency: 'EUR' } }, '400 invalid-amount'],
    ['two payees', { toIban: 'NL91ABNA0417164300' }, '400 invalid-payee'],
  ])('with %s books none and is not remembered', async (_, more, word) => {
    const { from, to } = await pair();
    const items = [itemOf({ from, to, amount: '1.00' }), itemOf({ from, to, amount: '1.00', more })];
    const key = newId(0);
    expect(wordsOf(await submit('atomic', items, key))).toEqual(['422 batch-not-applied', word]);
    expect((await submit('atomic', items, key)).headers.get('idempotency-replayed')).toBeNull();
    expect(await bank.moneyOf(from)).toBe('1000 0');
  });

  it('books none when two items have one key, or one was used before', async () => {
    const { from, to } = await pair();
    const key = newId(0);
    const twice = [itemOf({ from, to, amount: '1.00', key }), itemOf({ from, to, amount: '1.00', key })];
    const expected = ['422 batch-not-applied', '422 idempotency-key-reused'];
    expect(wordsOf(await submit('atomic', twice))).toEqual(expected);
    expect(wordsOf(await submit('independent', twice.slice(0, 1)))).toEqual(['201']);
    expect(wordsOf(await submit('atomic', [itemOf({ from, to, amount: '1.00' }), ...twice.slice(0, 1)]))).toEqual(
      expected,
    );
    expect([await bank.moneyOf(from), await bank.moneyOf(to)]).toEqual(['900 0', '100 0']);
  });

  it('remembers its items too: the same transfer alone is a replay', async () => {
    const { from, to } = await pair();
    const key = newId(0);
    const answer = await submit('atomic', [itemOf({ from, to, amount: '1.00', key })]);
    const alone = await bank.transfer('alice', from, to, '1.00', { key });
    expect([alone.status, alone.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(alone.body).toEqual(answer.body.items[0]?.transfer);
    expect(await bank.moneyOf(to)).toBe('100 0');
  });
});

describe('an independent batch', () => {
  it('books what it can and answers each as it would have been alone', async () => {
    const { from, to } = await pair();
    const theirs = await bank.open('bob', '10.00');
    const items = [
      { from, to, amount: '4.00' },
      { from: theirs, to, amount: '1.00' },
      { from: newId(0), to, amount: '1.00' },
      { from, to, amount: '100.00' },
      { from, to: from, amount: '1.00' },
      { from, to, amount: '1.00', currency: 'USD' },
      { from, to, amount: '-1.00' },
      { from, to, amount: '5.00' },
    ].map(itemOf);
    const key = newId(0);
    const answer = await submit('independent', items, key);
    expect([answer.status, wordsOf(answer)]).toEqual([
      200,
      [
        '201',
        '404 account-not-found',
        '404 account-not-found',
        '422 insufficient-funds',
        '422 same-account',
        '422 currency-mismatch',
        '400 invalid-amount',
        '201',
      ],
    ]);
    const [, foreign, unknown] = answer.body.items;
    expect({ ...foreign?.problem, traceId: '' }).toEqual({ ...unknown?.problem, traceId: '' });
    expect([await bank.moneyOf(from), await bank.moneyOf(to), await bank.moneyOf(theirs)]).toEqual([
      '100 0',
      '900 0',
      '1000 0',
    ]);
    const again = await submit('independent', items, key);
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([answer.text, 'true']);
    expect(await bank.moneyOf(to)).toBe('900 0');
  });

  it('with one key on two items books it once', async () => {
    const { from, to } = await pair();
    const item = itemOf({ from, to, amount: '1.00' });
    const answer = await submit('independent', [item, item]);
    expect(wordsOf(answer)[0]).toBe('201');
    expect(answer.body.items[1]?.status).toBeGreaterThanOrEqual(400);
    expect(await bank.moneyOf(to)).toBe('100 0');
  });

  it('finishes under another key what was begun under the first', async () => {
    const { from, to } = await pair();
    const items = ['1.00', '2.00', '3.00'].map((amount) => itemOf({ from, to, amount }));
    expect(wordsOf(await submit('independent', items.slice(0, 2)))).toEqual(['201', '201']);
    expect(wordsOf(await submit('independent', items))).toEqual(['201', '201', '201']);
    expect(await bank.moneyOf(to)).toBe('600 0');
  });

  it('sent twenty times at once books once', async () => {
    const { from, to } = await pair();
    const items = ['1.00', '2.00'].map((amount) => itemOf({ from, to, amount }));
    const key = newId(0);
    const answers = await Promise.all(Array.from({ length: 20 }, () => submit('independent', items, key)));
    for (const answer of answers) expect(['200', '409 idempotency-key-in-flight']).toContain(shortOf(answer));
    expect(answers.some((answer) => answer.status === 200)).toBe(true);
    expect(await bank.moneyOf(to)).toBe('300 0');
  });
});

function shortOf(answer: Answer): string {
  return answer.status === 200 ? '200' : `${answer.status} ${answer.body.code}`;
}

describe('a batch whose shape is wrong is refused whole', () => {
  it.each<[string, (good: object) => object]>([
    ['a control character in a reference', (good) => ({ ...good, reference: 'a\u0007b' })],
    ['a NUL in a reference', (good) => ({ ...good, reference: 'a\u0000b' })],
    ['an unknown field', (good) => ({ ...good, priority: 1 })],
    ['an amount that is a number', (good) => ({ ...good, amount: { amount: 5, currency: 'EUR' } })],
    ['no key', (good) => ({ ...good, key: undefined })],
    ['an empty key', (good) => ({ ...good, key: '' })],
    ['a key that is too long', (good) => ({ ...good, key: 'k'.repeat(256) })],
    ['a control character in a key', (good) => ({ ...good, key: 'a\u0007b' })],
    ['a NUL in a key', (good) => ({ ...good, key: 'a\u0000b' })],
  ])('%s in the middle', async (_, spoil) => {
    const { from, to } = await pair();
    for (const mode of ['atomic', 'independent'] as const) {
      const items = [1, 2, 3].map(() => itemOf({ from, to, amount: '1.00' }));
      const [first, second, third] = items;
      const answer = await submit(mode, [first ?? {}, spoil(second ?? {}), third ?? {}]);
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid-request']);
      expect(answer.body.errors[0]?.path).toMatch(/^\/items\/1\//);
    }
    expect([await bank.moneyOf(from), await bank.moneyOf(to)]).toEqual(['1000 0', '0 0']);
  });

  it('no items, too many, no mode, another mode', async () => {
    const { from, to } = await pair();
    const item = itemOf({ from, to, amount: '0.01' });
    const many = Array.from({ length: 501 }, () => ({ ...item, key: newId(0) }));
    for (const body of [
      { mode: 'atomic', items: [] },
      { mode: 'atomic', items: many },
      { items: [item] },
      { mode: 'all', items: [item] },
    ]) {
      const answer = await bank.call('alice', 'POST', '/v1/transfer-batches', { body });
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid-request']);
    }
    expect(await bank.moneyOf(to)).toBe('0 0');
  });

  it('500 items are fine, either way', async () => {
    const { from, to } = await pair('20.00');
    for (const mode of ['atomic', 'independent'] as const) {
      const items = Array.from({ length: 500 }, () => itemOf({ from, to, amount: '0.02' }));
      expect(new Set(wordsOf(await submit(mode, items)))).toEqual(new Set(['201']));
    }
    expect([await bank.moneyOf(from), await bank.moneyOf(to)]).toEqual(['0 0', '2000 0']);
  });
});

describe('the key of a batch', () => {
  it('stands for what the batch says, however it is written', async () => {
    const { from, to } = await pair();
    const key = newId(0);
    const item = itemOf({ from, to, amount: '1.00' });
    const answer = await submit('independent', [item], key);
    const { amount, ...rest } = item;
    const again = await submit('independent', [{ amount: { currency: 'EUR', amount: '1.0' }, ...rest }], key);
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([answer.text, 'true']);
    // A replay is an acknowledgement too: the caller must be able to read what it did.
    expect(again.headers.get('florin-account-version')).toBe(`${from}=3`);
    const other = await submit('independent', [{ ...item, amount: { amount: '1.01', currency: 'EUR' } }], key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
    expect(await bank.moneyOf(to)).toBe('100 0');
  });

  it('is remembered although two of its items have one key: the second is refused for good', async () => {
    const { from, to } = await pair();
    const key = newId(0);
    const item = itemOf({ from, to, amount: '1.00' });
    const answer = await submit('independent', [item, item], key);
    expect(wordsOf(answer)).toEqual(['201', '422 idempotency-key-reused']);
    expect((await submit('independent', [item, item], key)).text).toBe(answer.text);
    expect(await bank.moneyOf(to)).toBe('100 0');
  });
});
