import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { person, startTestBank, type TestBank } from '../testing.fixture.ts';

let bank: TestBank;
beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(async () => bank.close());

const alice = person('customer');

interface Posting {
  readonly id: string;
  readonly reference: string;
}

async function lines(id: string): Promise<Posting[]> {
  const { body } = await bank.call(alice, 'GET', `/v1/accounts/${id}/transactions`);
  return body['data'] as Posting[];
}

it('finds every line of a history by its id, for owners and staff, and only in its own account', async () => {
  const [one, other] = [await bank.open(alice), await bank.open(alice)];
  bank.ledger.book(one.id, { amountMinor: 500n, reference: 'in' });
  bank.ledger.book(
    one.id,
    { amountMinor: -100n, reference: 'out' },
    { amountMinor: -5n, reference: 'its fee', kind: 'fee' },
  );
  await bank.deliver();
  const shown = await lines(one.id);
  expect(shown.map((line) => line.reference)).toEqual(['its fee', 'out', 'in']);
  for (const line of shown) {
    for (const who of [alice, person('teller'), person('supervisor'), person('auditor')]) {
      const found = await bank.call(who, 'GET', `/v1/accounts/${one.id}/transactions/${line.id}`);
      expect([found.status, found.body]).toEqual([200, line]);
    }
    const elsewhere = await bank.call(alice, 'GET', `/v1/accounts/${other.id}/transactions/${line.id}`);
    expect(elsewhere.body).toMatchObject({ status: 404, code: 'transaction-not-found' });
    const stranger = await bank.call(person('customer'), 'GET', `/v1/accounts/${one.id}/transactions/${line.id}`);
    const nowhere = await bank.call(alice, 'GET', `/v1/accounts/${randomUUID()}/transactions/${line.id}`);
    const { traceId: _one, ...told } = stranger.body;
    const { traceId: _two, ...expected } = nowhere.body;
    expect(told).toEqual(expected);
    expect(told).toMatchObject({ status: 404, code: 'account-not-found' });
  }
});

it('answers 404 to whatever else stands in the place of an id', async () => {
  const { id } = await bank.open(alice);
  bank.ledger.book(id, { amountMinor: 500n });
  await bank.deliver();
  const [line] = await lines(id);
  const [journal = '', side = '', version = ''] = line?.id.split(':') ?? [];
  expect([side, version]).toEqual(['credit', '2']);
  for (const wrong of [
    `${journal}:debit:${version}`,
    `${journal}:credit:1`,
    `${journal}:credit:3`,
    `${randomUUID()}:credit:${version}`,
    `${journal}:credit`,
    'x',
    '%00',
    '..%2f..%2fbalance',
  ]) {
    const { status, body } = await bank.call(alice, 'GET', `/v1/accounts/${id}/transactions/${wrong}`);
    expect([wrong, status, body['code']]).toEqual([wrong, 404, 'transaction-not-found']);
  }
});

it('shows a line that only the ledger has yet to the one who has just made it', async () => {
  const { id } = await bank.open(alice);
  await bank.deliver();
  bank.ledger.book(id, { amountMinor: 700n, reference: 'new' });
  const [change] = bank.ledger.takeChanges();
  const name = `${change?.lines[0]?.journalId}:credit:2`;
  const read = (headers: Record<string, string>) =>
    bank.call(alice, 'GET', `/v1/accounts/${id}/transactions/${name}`, { headers });
  expect((await read({})).status).toBe(404);
  expect((await read({ 'florin-min-version': `${id}=2` })).body).toMatchObject({ id: name, reference: 'new' });
});

it('looks an account up by its IBAN as people write it, for staff only', async () => {
  const { id, iban } = await bank.open(alice);
  await bank.deliver();
  const grouped = encodeURIComponent(iban.toLowerCase().replaceAll(/(.{4})(?=.)/g, '$1 '));
  for (const role of ['teller', 'supervisor', 'auditor', 'fraud-analyst'] as const) {
    for (const text of [iban, grouped]) {
      const found = await bank.call(person(role), 'GET', `/v1/account-lookup?iban=${text}`);
      expect(found.status).toBe(200);
      // Who need not know the name sees that there is one.
      const holderName = role === 'auditor' ? 'T••• P•••' : 'Test Person';
      expect(found.body).toMatchObject({ id, iban, holderName, owners: [alice.subject] });
    }
  }
  for (const role of ['customer', 'admin', 'loan-officer'] as const) {
    expect((await bank.call(person(role), 'GET', `/v1/account-lookup?iban=${iban}`)).status).toBe(403);
  }
});

it.each([
  ['?iban=NL91ABNA0417164300', 404, 'account-not-found'],
  ['?iban=%27%20OR%201%3D1%20--%20aaaaaa', 404, 'account-not-found'],
  ['?iban=NL91%00ABNA0417164300', 404, 'account-not-found'],
  ['?iban=NL91', 400, 'invalid-request'],
  [`?iban=${'N'.repeat(43)}`, 400, 'invalid-request'],
  ['?iban=NL91ABNA0417164300&iban=NL91ABNA0417164300', 400, 'invalid-request'],
  ['?iban=NL91ABNA0417164300&more=1', 400, 'invalid-request'],
  ['', 400, 'invalid-request'],
])('a look-up of %s answers %i %s', async (query, status, code) => {
  const { body } = await bank.call(person('teller'), 'GET', `/v1/account-lookup${query}`);
  expect(body).toMatchObject({ status, code });
});
