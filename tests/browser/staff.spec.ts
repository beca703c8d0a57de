import { bankUrl, expect, test } from './bank.ts';
import { expectAccessible, settled } from './page-checks.ts';

interface Account {
  readonly id: string;
  readonly iban: string;
  readonly status: string;
}

interface Journal {
  readonly id: string;
  readonly reversedBy?: string;
}

test('a teller takes cash in once, and it is on the account', async ({ openAs, ledgerAs }) => {
  const alice = await ledgerAs('alice');
  const account = ((await alice.get('/v1/accounts')).body['data'] as Account[])[0];
  const reference = `Counter ${crypto.randomUUID().slice(0, 8)}`;
  const page = await openAs('tessa', '/staff/cash');
  await page.getByLabel('IBAN', { exact: true }).fill(account?.iban ?? '');
  await page.getByRole('button', { name: 'Look it up' }).click();
  await expect(page.getByText('Alice Jansen').first()).toBeVisible();
  await page.getByText('handed in', { exact: true }).click();
  await page.getByLabel('Amount in EUR').fill('20.00');
  await page.getByLabel('Reference', { exact: true }).fill(reference);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Take this cash in?' }).waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Take in €20.00' }).dblclick();
  await expect(page.getByRole('heading', { name: /€20.00 taken in/ })).toBeVisible();

  const path = `/v1/accounts/${account?.id}/transactions?q=${encodeURIComponent(reference)}`;
  const lines = async () => (await alice.get(path)).body['data'] as readonly object[];
  // It was the teller who wrote: only their own reads wait for it.
  await expect.poll(async () => (await lines()).length).toBe(1);
  expect(await lines()).toMatchObject([{ kind: 'deposit', amount: { amount: '20.00', currency: 'EUR' } }]);
});

test('a transfer is taken back with a reason by two people, and both journals say so', async ({ openAs, ledgerAs }) => {
  const [alice, bob, sam] = await Promise.all([ledgerAs('alice'), ledgerAs('bob'), ledgerAs('sam')]);
  const first = async (client: typeof alice) => ((await client.get('/v1/accounts')).body['data'] as Account[])[0];
  const [from, to] = await Promise.all([first(alice), first(bob)]);
  const sent = await alice.post('/v1/transfers', {
    fromAccountId: from?.id,
    toIban: to?.iban,
    amount: { amount: '6.60', currency: 'EUR' },
    reference: 'Sent by mistake',
  });
  const transferId = String(sent.body['id']);
  const page = await openAs('tessa', `/staff/journals/${transferId}`);
  await settled(page);
  await page.getByRole('button', { name: 'Take back' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Ask to take €6.60 back' }).click();
  await expect(dialog.getByText('Say it in at least three characters.')).toBeVisible();
  await dialog.getByLabel('Why is it taken back?').fill('The customer chose the wrong payee');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Ask to take €6.60 back' }).click();
  await expect(page.getByText('It was asked for').first()).toBeVisible();
  expect((await alice.get(`/v1/transfers/${transferId}`)).body['status']).toBe('completed');

  const desk = await openAs('sam', '/staff/requests');
  await settled(desk);
  await expect(desk.getByText('The customer chose the wrong payee')).toBeVisible();
  await expectAccessible(desk);
  await desk.getByRole('button', { name: 'Approve' }).click();
  await expect(desk.getByText('Approved, and done.')).toBeVisible();

  const original = (await sam.get(`/v1/ledger/journals/${transferId}`)).body as unknown as Journal;
  expect(original.reversedBy).toBeDefined();
  const reversal = (await sam.get(`/v1/ledger/journals/${original.reversedBy}`)).body;
  expect(reversal).toMatchObject({
    kind: 'reversal',
    reversalOf: transferId,
    amount: { amount: '6.60' },
    reason: 'The customer chose the wrong payee',
  });
  expect((await alice.get(`/v1/transfers/${transferId}`)).body['status']).toBe('reversed');
});

test('a frozen account says so to its owner, and lets nothing out until it is lifted', async ({ openAs, ledgerAs }) => {
  const bob = await ledgerAs('bob');
  // Its own: what is frozen is offered by no other page meanwhile.
  const { body: opened } = await bob.post('/v1/accounts', { productCode: 'savings-eur', name: 'To be frozen' });
  const id = String(opened['id']);
  const frozen = await bob.post(`/v1/accounts/${id}/freeze`, { reason: 'A lost phone' });
  expect(frozen.body['status']).toBe('frozen');
  const page = await openAs('tessa', `/staff/accounts/${id}`);
  await settled(page);
  await page.getByRole('button', { name: 'Lift the freeze' }).click();
  await page.getByRole('dialog').getByLabel('Why?').fill('Settled with its owner');
  await page.getByRole('dialog').getByRole('button', { name: 'Ask for it' }).click();
  await expect(page.getByText('Asked for. A supervisor decides under Requests.')).toBeVisible();
  expect((await bob.get(`/v1/accounts/${id}`)).body['status']).toBe('frozen');

  const desk = await openAs('sam', '/staff/requests');
  await settled(desk);
  await expect(desk.getByText('Settled with its owner')).toBeVisible();
  await expectAccessible(desk);
  await desk.getByRole('button', { name: 'Approve' }).click();
  await expect(desk.getByText('Approved, and done.')).toBeVisible();
  expect((await bob.get(`/v1/accounts/${id}`)).body['status']).toBe('active');
});

test('a higher daily limit waits for a second person, and a lower one does not', async ({ openAs, ledgerAs }) => {
  const bob = await ledgerAs('bob');
  const { body: opened } = await bob.post('/v1/accounts', { productCode: 'savings-eur', name: 'To be limited' });
  const id = String(opened['id']);
  const limit = async () => (await bob.get(`/v1/accounts/${id}`)).body['dailyLimit'] as { amount: string };
  const page = await openAs('tessa', `/staff/accounts/${id}`);
  await settled(page);
  const set = async (amount: string, reason: string) => {
    await page.getByRole('button', { name: 'Change the daily limit' }).click();
    await page.getByRole('dialog').getByLabel('New limit in EUR').fill(amount);
    await page.getByRole('dialog').getByLabel('Why?').fill(reason);
    await page.getByRole('dialog').getByRole('button', { name: 'Set the limit' }).click();
  };
  await set('50.00', '');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect((await limit()).amount).toBe('50.00');
  await set('75.00', '');
  await expect(page.getByRole('dialog').getByText('Say it in at least three characters.')).toBeVisible();
  await page.getByRole('dialog').getByLabel('Why?').fill('Pays for a roof');
  await expectAccessible(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Set the limit' }).click();
  await expect(page.getByText('Asked for. A supervisor decides under Requests.')).toBeVisible();
  expect((await limit()).amount).toBe('50.00');

  const desk = await openAs('sam', '/staff/requests');
  await settled(desk);
  await expect(desk.getByText('Pays for a roof')).toBeVisible();
  await desk.getByRole('button', { name: 'Approve' }).click();
  await expect(desk.getByText('Approved, and done.')).toBeVisible();
  expect((await limit()).amount).toBe('75.00');
});

test('an address is shown to a teller who says why, and an auditor sees no name', async ({ openAs, ledgerAs }) => {
  const alice = await ledgerAs('alice');
  const { id, email, name } = (await alice.get('/v1/me')).body as Record<'id' | 'email' | 'name', string>;
  const page = await openAs('tessa', `/staff/customers/${id}`);
  await settled(page);
  await expect(page.getByText(email)).toHaveCount(0);
  await page.getByRole('button', { name: 'Show the e-mail address' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Show it' }).click();
  await expect(dialog.getByText('Say it in at least three characters.')).toBeVisible();
  await dialog.getByLabel('Why do you need it?').fill('A letter came back');
  await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Show it' }).click();
  await expect(page.getByText(email)).toBeVisible();
  await page.reload();
  await settled(page);
  await expect(page.getByText(email)).toHaveCount(0);

  const audit = await openAs('amir', `/staff/customers/${id}`);
  await settled(audit);
  await expect(audit.getByText(name)).toHaveCount(0);
  await expect(audit.getByRole('button', { name: 'Show the e-mail address' })).toHaveCount(0);
});

test('the books are proven from the page', async ({ openAs }) => {
  const page = await openAs('sam', '/staff/ledger');
  await settled(page);
  await page.getByRole('button', { name: 'Prove them in full' }).click();
  await expect(page.getByText('The books balance')).toBeVisible();
  await expect(page.getByText('Customers’ money').or(page.getByText("Customers' money")).first()).toBeVisible();
});

test('a customer has no console, and a teller no books', async ({ openAs, quiet, context }) => {
  quiet.allow(/403/);
  const page = await openAs('alice', '/staff');
  await expect(page.getByRole('heading', { name: 'Not for your role' })).toBeVisible();
  await context.clearCookies();
  const console_ = await openAs('tessa', '/staff');
  await settled(console_);
  await expect(console_.getByRole('navigation').getByRole('link', { name: 'Books' })).toHaveCount(0);
  expect(console_.url()).toBe(`${bankUrl()}/staff`);
});
