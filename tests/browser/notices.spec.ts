import { expect, test } from './bank.ts';
import { expectAccessible, settled } from './page-checks.ts';

interface Account {
  readonly id: string;
  readonly iban: string;
  readonly currency: string;
}

test('money arrives: the bell says so by itself, and it is read', async ({ openAs, ledgerAs }) => {
  const [noor, bob] = await Promise.all([ledgerAs('noor'), ledgerAs('bob')]);
  const euros = async (client: typeof bob) =>
    ((await client.get('/v1/accounts')).body['data'] as Account[]).find(({ currency }) => currency === 'EUR');
  const [from, to] = [await euros(bob), await euros(noor)];
  const page = await openAs('noor', '/');
  await settled(page);
  // She is told of the browser as well, which is not the first she signed in with.
  await expect(async () => {
    const { data } = (await noor.get('/v1/notifications')).body;
    expect((data as { readonly kind: string }[]).map(({ kind }) => kind)).toContain('security-changed');
    expect((await noor.post('/v1/notifications/read-all', {})).body['read']).toBe(0);
  }).toPass({ intervals: [2_000] });
  await page.reload();
  await expect(page.getByRole('link', { name: 'Notices', exact: true })).toBeVisible();

  const reference = `Bell ${crypto.randomUUID().slice(0, 8)}`;
  const amount = { amount: '0.37', currency: 'EUR' };
  const sent = await bob.post('/v1/transfers', { fromAccountId: from?.id, toIban: to?.iban, amount, reference });
  expect(sent.status).toBe(201);
  const bell = page.getByRole('link', { name: 'Notices: 1 unread' });
  await expect(bell).toBeVisible();
  await bell.click();
  await expect(page.getByRole('heading', { level: 1, name: 'Notices' })).toBeVisible();
  const notice = page.getByRole('listitem').filter({ hasText: reference });
  await expect(notice).toContainText('You received €0.37');
  await expect(notice).toContainText('Unread');
  await expectAccessible(page);

  await notice.getByRole('button', { name: /^Mark as read/ }).click();
  await expect(page.getByText('Marked as read.')).toBeVisible();
  await expect(notice).not.toContainText('Unread');
  await expect(page.getByRole('link', { name: 'Notices', exact: true })).toBeVisible();
  expect((await noor.get('/v1/notifications?limit=1')).body['unreadCount']).toBe(0);

  // What it is about is one step away.
  await notice.getByRole('link', { name: /^Find the payment/ }).click();
  await expect(page.getByRole('link', { name: new RegExp(reference) })).toBeVisible();
});

test('all of them are read at once', async ({ openAs, ledgerAs }) => {
  const [kees, bob] = await Promise.all([ledgerAs('kees'), ledgerAs('bob')]);
  const euros = async (client: typeof bob) =>
    ((await client.get('/v1/accounts')).body['data'] as Account[]).find(({ currency }) => currency === 'EUR');
  const [from, to] = [await euros(bob), await euros(kees)];
  const amount = { amount: '0.11', currency: 'EUR' };
  for (const reference of ['One', 'Two']) {
    await bob.post('/v1/transfers', { fromAccountId: from?.id, toIban: to?.iban, amount, reference });
  }
  const unread = async () => Number((await kees.get('/v1/notifications?limit=1')).body['unreadCount']);
  await expect.poll(unread).toBeGreaterThanOrEqual(2);
  const page = await openAs('kees', '/notifications');
  await settled(page);
  await page.getByRole('button', { name: 'Mark all as read', exact: true }).click();
  await expect(page.getByText(/notices? (is|are) marked as read\./)).toBeVisible();
  await expect(page.getByRole('button', { name: /Mark/ })).toHaveCount(0);
  expect(await unread()).toBe(0);
});

test('who was told nothing yet reads when that will be', async ({ openAs }) => {
  const page = await openAs('noor', '/accounts');
  await settled(page);
  await page.route('**/v1/notifications*', (route) =>
    route.fulfill({ json: { data: [], nextCursor: null, unreadCount: 0 } }),
  );
  await page.goto(new URL('/notifications', page.url()).href);
  await expect(page.getByText('Nothing to tell you yet')).toBeVisible();
  await expectAccessible(page);
});
