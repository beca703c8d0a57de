import { bankUrl, expect, test } from './bank.ts';
import { expectAccessible, settled } from './page-checks.ts';

const REFUSAL = {
  status: 503,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    type: 'about:blank',
    title: 'Away',
    status: 503,
    code: 'service-unavailable',
    detail: 'Away',
    traceId: '0af7651916cd43dd8448eb211c80319c',
  }),
};

test('a part that fails is a part: the others show, and it can be tried again', async ({ openAs, quiet }) => {
  quiet.allow(/503/);
  const page = await openAs('alice', '/signed-out');
  let isAway = true;
  await page.route('**/v1/spending*', (route) => (isAway ? route.fulfill(REFUSAL) : route.continue()));
  await page.goto(`${bankUrl()}/`);
  const failed = page.getByRole('alert').filter({ hasText: 'This could not be loaded' });
  await expect(failed).toHaveCount(1, { timeout: 20_000 });
  await expect(page.getByRole('heading', { name: 'Latest movements' })).toBeVisible();
  await expect(page.getByRole('link', { name: /Koffie|Groene|Polder/ }).first()).toBeVisible();
  await expectAccessible(page);
  isAway = false;
  await failed.getByRole('button', { name: 'Try again' }).click();
  await expect(failed).toHaveCount(0);
  await expect(page.getByText('Groceries').first()).toBeVisible();
});

test('what loads has the shape of what comes', async ({ openAs }) => {
  const page = await openAs('alice', '/signed-out');
  const gate = Promise.withResolvers<void>();
  await page.route('**/v1/{accounts,dashboard,spending}*', async (route) => {
    await gate.promise;
    await route.continue();
  });
  await page.goto(`${bankUrl()}/`);
  await expect(page.locator('[data-state="loading"]').first()).toBeVisible();
  await expectAccessible(page);
  gate.resolve();
  await settled(page);
  await expect(page.locator('[data-state="loading"]')).toHaveCount(0);
});

test('data that could not be refreshed stays, and says from when it is', async ({ openAs, quiet, context }) => {
  quiet.allow(/503|ERR_INTERNET_DISCONNECTED|Failed to load/);
  const page = await openAs('alice', '/');
  await settled(page);
  await page.route('**/v1/spending*', (route) => route.fulfill(REFUSAL));
  await page.clock.install();
  await page.clock.fastForward(60_000);
  // Coming back to a window is when old data is asked for again.
  await page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
  await page.clock.fastForward(30_000);
  await expect(page.locator('[data-state="stale"]').first()).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText('Groceries').first()).toBeVisible();
  expect(context.pages()).toHaveLength(1);
});

test('who signs up finds their first account; an empty bank says why it is empty', async ({ page, quiet }) => {
  void quiet;
  await page.goto(`${bankUrl()}/session/login?screen=sign-up`);
  await page.getByLabel('Your full name').fill('Nova Newcomer');
  await page.getByLabel('E-mail address').fill(`nova-${crypto.randomUUID().slice(0, 8)}@florin.example`);
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery staple nine');
  await page.getByRole('button', { name: 'Become a customer' }).click();
  await expect(page.getByRole('heading', { name: 'Hello, Nova' })).toBeVisible();
  await expect(page.getByRole('link', { name: /Current account/ })).toBeVisible({ timeout: 20_000 });
  await settled(page);
  await expectAccessible(page);
  // As it is for the moment before the account is there.
  await page.route('**/v1/accounts', (route) => route.fulfill({ json: { data: [], nextCursor: null } }));
  await page.goto(`${bankUrl()}/`);
  await expect(page.getByText('You have no account yet')).toBeVisible();
  await settled(page);
  await expectAccessible(page);
  for (const [path, text] of [
    ['/payees', /./],
    ['/standing-orders', /./],
    ['/send', /There is no account to pay from/],
  ] as const) {
    await page.goto(`${bankUrl()}${path}`);
    await settled(page);
    await expect(page.locator('[data-state="empty"]').first()).toContainText(text);
    await expectAccessible(page);
  }
});

test('a search that finds nothing offers to clear it', async ({ openAs, ledgerAs }) => {
  const { body } = await (await ledgerAs('alice')).get('/v1/accounts');
  const [account] = body['data'] as { id: string }[];
  const page = await openAs('alice', `/accounts/${account?.id}?q=zzz-nothing`);
  await expect(page.getByText('Nothing found', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filters' }).first().click();
  await expect(page).not.toHaveURL(/q=/);
  await expect(page.getByRole('link', { name: /Koffie|Groene|Polder/ }).first()).toBeVisible();
});

test('without a connection the page stays and says so, and is up to date again after it', async ({
  openAs,
  context,
  ledgerAs,
  quiet,
}) => {
  quiet.allow(/ERR_INTERNET_DISCONNECTED|Failed to load/);
  const [alice, bob] = await Promise.all([ledgerAs('alice'), ledgerAs('bob')]);
  const first = async (client: typeof alice) =>
    ((await client.get('/v1/accounts')).body['data'] as { id: string; iban: string }[])[0];
  const [from, to] = await Promise.all([first(bob), first(alice)]);
  const page = await openAs('alice', '/');
  await settled(page);
  await context.setOffline(true);
  await expect(page.getByText('You are offline.')).toBeVisible();
  await expect(page.getByText('Groceries').first()).toBeVisible();
  await expectAccessible(page);
  const reference = `Offline ${crypto.randomUUID().slice(0, 8)}`;
  const amount = { amount: '0.07', currency: 'EUR' };
  await bob.post('/v1/transfers', { fromAccountId: from?.id, toIban: to?.iban, amount, reference });
  await context.setOffline(false);
  await expect(page.getByText('You are offline.')).toBeHidden();
  await expect(page.getByText(reference)).toBeVisible({ timeout: 20_000 });
});
