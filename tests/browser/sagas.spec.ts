import { expect, test } from './bank.ts';
import { expectAccessible, settled } from './page-checks.ts';
import { makeSecondSupervisor, stuckSignUp } from './stuck-sign-up.ts';

const ASKED_TO_RETRY = 'The welcome was lost';

test('two supervisors have a stuck sign-up begun once more: one asks, the other decides', async ({
  openAs,
  ledgerAs,
  browser,
  cookiesOf,
  quiet,
}) => {
  void quiet;
  const [sam, ada, fay] = await Promise.all([ledgerAs('sam'), ledgerAs('ada'), ledgerAs('fay')]);
  await makeSecondSupervisor(ada, await ledgerAs('adam'), fay);
  const { sagaId } = await stuckSignUp(sam);

  // It is the first thing one sees of all that goes on.
  const page = await openAs('sam', '/staff/sagas');
  await settled(page);
  const stuck = page.getByRole('region', { name: 'Needs attention' }).locator(`a[href$="${sagaId}"]`);
  await expect(stuck).toBeVisible();
  await stuck.click();
  await expect(page.getByRole('heading', { level: 1, name: 'From sign-up to welcome' })).toBeVisible();
  const path = new URL(page.url()).pathname;

  await page.getByRole('button', { name: 'Ask to try again' }).click();
  await expect(page.getByText('Say it in at least three characters.')).toBeVisible();
  await page.getByLabel('Why?').fill(ASKED_TO_RETRY);
  await page.getByRole('button', { name: 'Ask to try again' }).dblclick();
  await expect(page.getByText('You asked for this, so a second supervisor must decide.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Yes, do it' })).toHaveCount(0);
  await expectAccessible(page);

  const second = await browser.newContext();
  await second.addCookies(await cookiesOf('fay'));
  const other = await second.newPage();
  await other.goto(new URL('/staff/approvals', page.url()).href);
  const row = other.getByRole('row').filter({ has: other.locator(`a[href$="${sagaId}"]`) });
  await expect(row).toContainText(ASKED_TO_RETRY);
  await expect(row).toContainText('Yours: look at it and decide');
  await row.getByRole('link').click();
  await other.waitForURL((url) => url.pathname === path);
  await expect(other.getByText(ASKED_TO_RETRY).first()).toBeVisible();
  await expectAccessible(other);
  await other.getByRole('button', { name: 'Yes, do it' }).click();
  await expect(other.getByText('You said yes. It is being tried again.')).toBeVisible();
  await expect(other.getByText('All done')).toBeVisible();
  await second.close();

  // Who asked sees it without doing anything.
  await expect(page.getByText('All done')).toBeVisible();
  await expect(page.getByText('Tried again, as two people said')).toBeVisible();
  const { body } = await sam.get(`/v1/sagas/users/${sagaId}`);
  expect(body).toMatchObject({ status: 'completed', attempt: 2 });
});

test('a stuck sign-up is settled by hand with evidence, and the other person may say no', async ({
  openAs,
  ledgerAs,
  quiet,
}) => {
  quiet.allow(/409/);
  const [sam, ada, fay] = await Promise.all([ledgerAs('sam'), ledgerAs('ada'), ledgerAs('fay')]);
  await makeSecondSupervisor(ada, await ledgerAs('adam'), fay);
  const { sagaId } = await stuckSignUp(sam);
  const page = await openAs('fay', `/staff/sagas/users/${sagaId}`);
  await settled(page);
  const ask = async (): Promise<void> => {
    await page.getByRole('radio', { name: 'Settle by hand' }).check();
    await page.getByLabel('Why?').fill('They were told by letter');
    await page.getByRole('button', { name: 'Ask to settle it' }).click();
  };
  await ask();
  await expect(page.getByText('Say what shows it, in at least three characters.')).toBeVisible();
  await expect(page.getByLabel('What shows that it is done?')).toBeFocused();
  await page.getByLabel('What shows that it is done?').fill('Letter 17 of the branch');
  await page.getByRole('button', { name: 'Ask to settle it' }).click();
  await expect(page.getByRole('heading', { name: 'Asked: settle it by hand' })).toBeVisible();

  const open = async () => {
    const { body } = await sam.get('/v1/sagas/users/actions?status=pending&limit=100');
    return (body['data'] as { id: string; sagaId: string; evidence: string | null }[]).find(
      (action) => action.sagaId === sagaId,
    );
  };
  expect(await open()).toMatchObject({ evidence: 'Letter 17 of the branch' });
  expect((await sam.post(`/v1/sagas/users/actions/${(await open())?.id}/reject`, {})).status).toBe(200);
  await page.reload();
  await settled(page);
  await expect(page.getByText('A second person said no')).toBeVisible();

  // Somebody else asks while the form is filled in: one question at a time.
  const asked = await sam.get(`/v1/sagas/users/${sagaId}`);
  const wish = { action: 'retry', attentionSeq: asked.body['attentionSeq'], reason: 'Try it once more' };
  expect((await sam.post(`/v1/sagas/users/${sagaId}/actions`, wish)).status).toBe(202);
  await expect(page.getByText('Try it once more').first()).toBeVisible();
  await page.getByRole('button', { name: 'No', exact: true }).click();
  await expect(page.getByText('You said no. It stays as it is.')).toBeVisible();

  await ask();
  await page.getByLabel('What shows that it is done?').fill('Letter 18 of the branch');
  await page.getByRole('button', { name: 'Ask to settle it' }).click();
  await expect(page.getByRole('heading', { name: 'Asked: settle it by hand' })).toBeVisible();
  expect((await sam.post(`/v1/sagas/users/actions/${(await open())?.id}/approve`, {})).status).toBe(200);
  await expect(page.getByText('Settled by hand, as two people said')).toBeVisible();
  await expect(page.getByText(/Letter 18/).first()).toBeVisible();
});

test('an auditor reads what is stuck, and can ask for nothing', async ({ openAs, ledgerAs }) => {
  const { sagaId } = await stuckSignUp(await ledgerAs('amir'));
  const page = await openAs('amir', `/staff/sagas/users/${sagaId}`);
  await settled(page);
  await expect(page.getByRole('heading', { name: 'It needs somebody' })).toBeVisible();
  await expect(page.getByText('Nothing was heard of')).toBeVisible();
  await expect(page.getByText('Supervisors ask for what is to be done; a second one decides.')).toBeVisible();
  await expect(page.getByRole('button', { name: /Ask to/ })).toHaveCount(0);
  await expectAccessible(page);
});

test('a service that is away is named, and its list is not taken for empty', async ({ openAs, quiet }) => {
  quiet.allow(/503/);
  const page = await openAs('sam', '/staff');
  await settled(page);
  await page.route('**/v1/sagas/transactions*', (route) => route.fulfill({ status: 503, body: '' }));
  await page.goto(new URL('/staff/sagas?service=users', page.url()).href);
  await expect(page.getByRole('alert').filter({ hasText: 'Ledger could not be asked' })).toBeVisible({
    timeout: 20_000,
  });
  await expect(page.getByText('Nothing needs anybody')).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'All sagas' }).getByRole('link').first()).toBeVisible();
});

test('filters are in the address, and lead out of themselves', async ({ openAs }) => {
  const page = await openAs('sam', '/staff/sagas?service=users');
  await settled(page);
  await page.getByLabel('State').selectOption('Being taken back');
  await expect(page.getByText('Nothing is like that')).toBeVisible();
  expect(new URL(page.url()).searchParams.get('status')).toBe('compensating');
  await page.reload();
  await expect(page.getByText('Nothing is like that')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filters' }).last().click();
  await expect(page.getByRole('region', { name: 'All sagas' }).getByRole('link').first()).toBeVisible();
  expect(new URL(page.url()).search).toBe('?service=users');
});
