import { newId } from '@florin/primitives';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestService, type TestService } from '../testing/test-service.ts';

let bank: TestService;
let shop: string;
let alice: string;
/** A transfer of 10.00 with a fee of 0.25, later taken back. */
let transferId: string;

beforeAll(async () => {
  bank = await startTestService();
  shop = await bank.open('bob', '100.00', { holderName: 'Corner Shop', transferFeeMinor: '25' });
  alice = await bank.open('alice', '0', { holderName: 'Alice' });
  const sent = await bank.transfer('bob', shop, alice, '10.00', { fields: { reference: 'Refund 4711' } });
  transferId = sent.body.id;
});
afterAll(() => bank.close());

const STAFF = ['tessa', 'sam', 'amir'] as const;
type Listed = Record<string, unknown> & { readonly id: string; readonly kind: string };

async function list(query: string): Promise<{ readonly data: readonly Listed[]; readonly nextCursor: string | null }> {
  const { status, body } = await bank.call('amir', 'GET', `/v1/ledger/journals${query}`, { key: null });
  expect(status).toBe(200);
  return body as never;
}

describe('the journals', () => {
  it('are for staff alone', async () => {
    for (const path of ['/v1/ledger/journals', `/v1/ledger/journals/${transferId}`]) {
      for (const who of STAFF) expect((await bank.call(who, 'GET', path, { key: null })).status).toBe(200);
      expect((await bank.call('alice', 'GET', path, { key: null })).status).toBe(403);
      expect((await bank.call('nobody', 'GET', path, { key: null })).status).toBe(401);
    }
  });

  it('are listed newest first, with names, and are paged', async () => {
    const { data } = await list('');
    expect(data.map(({ kind }) => kind).toSorted()).toEqual(['deposit', 'fee', 'transfer']);
    expect(data[2]).toMatchObject({
      kind: 'deposit',
      debit: { iban: null, name: 'cash' },
      credit: { accountId: shop, name: 'Corner Shop' },
      amount: { amount: '100.00', currency: 'EUR' },
      actor: 'tessa',
    });
    const first = await list('?limit=2');
    const rest = await list(`?limit=2&cursor=${first.nextCursor}`);
    expect([...first.data, ...rest.data]).toEqual(data);
    expect(rest.nextCursor).toBeNull();
    expect((await list('?q=refund%204711')).data.map(({ id }) => id)).toEqual([transferId]);
    const { iban } = (data[2]?.['credit'] ?? {}) as { iban?: string };
    expect((await list(`?iban=${iban}&kind=transfer`)).data.map(({ id }) => id)).toEqual([transferId]);
    expect((await list(`?accountId=${shop}&kind=transfer`)).data.map(({ id }) => id)).toEqual([transferId]);
  });

  it('are shown one by one with postings and links', async () => {
    const read = async (id: string) =>
      (await bank.call('tessa', 'GET', `/v1/ledger/journals/${id}`, { key: null })).body;
    const transfer = await read(transferId);
    const children = transfer['children'] as Listed[];
    expect(children).toEqual([{ id: expect.any(String), kind: 'fee', amount: { amount: '0.25', currency: 'EUR' } }]);
    expect(transfer['postings']).toMatchObject([
      { account: { name: 'Corner Shop' }, amount: { amount: '-10.00' }, balanceAfter: { amount: '90.00' } },
      { account: { name: 'Alice' }, amount: { amount: '10.00' }, balanceAfter: { amount: '10.00' } },
    ]);
    const fee = await read(children[0]?.id ?? '');
    expect(fee).toMatchObject({ kind: 'fee', parentId: transferId, credit: { name: 'fee-income' }, children: [] });
    expect(fee['postings']).toMatchObject([
      { balanceAfter: { amount: '89.75', currency: 'EUR' } },
      { account: { iban: null }, balanceAfter: null },
    ]);

    const { body: reversal } = await bank.takeBack(transferId, { reason: 'Refunded twice' });
    expect(await read(reversal.id)).toMatchObject({ reversalOf: transferId, reason: 'Refunded twice', actor: 'tessa' });
    expect(await read(transferId)).toMatchObject({ reversedBy: reversal.id });
  });

  it.each([
    ['?kind=nonsense', 400, 'invalid-request'],
    ['?limit=0', 400, 'invalid-request'],
    ['?limit=101', 400, 'invalid-request'],
    ['?limit=1.5', 400, 'invalid-request'],
    ['?colour=red', 400, 'invalid-request'],
    ['?q=', 400, 'invalid-request'],
    ['?q=%20', 400, 'invalid-request'],
    ['?q=a%00b', 400, 'invalid-request'],
    ['?q=a%0ab', 400, 'invalid-request'],
    ['?q=%ff', 400, 'invalid-request'],
    ['?q=a&q=b', 400, 'invalid-request'],
    [`?q=${'x'.repeat(101)}`, 400, 'invalid-request'],
    ['?from=yesterday', 400, 'invalid-request'],
    ['?from=2026-02-30', 400, 'invalid-date'],
    ['?to=0000-00-00', 400, 'invalid-date'],
    ['?cursor=7', 400, 'invalid-cursor'],
    ["?cursor=';--", 400, 'invalid-cursor'],
    ['?accountId=cash', 400, 'invalid-request'],
    [`?accountId=${newId(0)}&iban=NL91ABNA0417164300`, 400, 'invalid-request'],
    [`?accountId=${newId(0)}`, 404, 'account-not-found'],
    ['?iban=short', 400, 'invalid-request'],
    ['?iban=NL91ABNA0417164300', 404, 'account-not-found'],
    [`/${newId(0)}`, 404, 'journal-not-found'],
    ['/nonsense', 404, 'not-found'],
    [`/${newId(0)}?postings=1`, 400, 'invalid-request'],
  ])('asked for with %s answer %i %s', async (query, status, code) => {
    const answer = await bank.call('sam', 'GET', `/v1/ledger/journals${query}`, { key: null });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

describe('the trial balance', () => {
  it("leads from each of the bank's own accounts to its journals", async () => {
    const { body } = await bank.call('amir', 'GET', '/v1/ledger/trial-balance', { key: null });
    const lines = body['lines'] as { readonly account: string; readonly accountId?: string }[];
    const byName = new Map(lines.map(({ account, accountId }) => [account, accountId]));
    expect([...byName.keys()].toSorted()).toEqual(['cash', 'customer-accounts', 'fee-income']);
    expect(byName.get('customer-accounts')).toBeUndefined();
    const kindsOf = async (name: string) => (await list(`?accountId=${byName.get(name)}`)).data.map(({ kind }) => kind);
    expect([await kindsOf('cash'), await kindsOf('fee-income')]).toEqual([['deposit'], ['fee']]);
  });

  it('adds up in each currency', async () => {
    await bank.open('alice', '1.250', { currency: 'KWD' });
    const { body } = await bank.call('amir', 'GET', '/v1/ledger/trial-balance', { key: null });
    const totalOf = (currency: string, amount: string, difference: string) => ({
      currency,
      debit: { amount, currency },
      credit: { amount, currency },
      difference: { amount: difference, currency },
    });
    expect(body['totals']).toEqual([totalOf('EUR', '100.00', '0.00'), totalOf('KWD', '1.250', '0.000')]);
  });
});

describe('the last proof', () => {
  const PATH = '/v1/ledger/reconciliations/latest';

  it('is for those who may ask for one', async () => {
    for (const who of ['sam', 'amir'] as const) {
      await expect.poll(async () => (await bank.call(who, 'GET', PATH, { key: null })).status).toBe(200);
    }
    for (const who of ['tessa', 'alice'] as const) {
      expect((await bank.call(who, 'GET', PATH, { key: null })).status).toBe(403);
    }
    expect((await bank.call('nobody', 'GET', PATH, { key: null })).status).toBe(401);
  });

  it('is what it was when it was made, in another instance too', async () => {
    const prove = async (mode: string) => {
      const body = { mode };
      return (await bank.call('sam', 'POST', '/v1/ledger/reconciliations', { body, key: null })).body;
    };
    const full = await prove('full');
    expect((await bank.call('amir', 'GET', PATH, { key: null })).body).toEqual(full);
    const incremental = await prove('incremental');
    expect((await bank.call('amir', 'GET', PATH, { key: null })).body).toEqual({ ...incremental, lastFull: full });
    const { own } = bank;
    if (own === null) throw new Error('the service has a database of its own');
    const other = await startTestService(own);
    try {
      // It proves what is new when it starts; the full proof is still the one of before.
      await expect
        .poll(async () => (await other.call('amir', 'GET', PATH, { key: null })).body)
        .toMatchObject({ mode: 'incremental', lastFull: full });
    } finally {
      await other.close();
    }
  });
});
