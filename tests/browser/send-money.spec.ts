import type { Page } from '@playwright/test';
import type { BankClient } from '../bank-client.ts';
import { bankUrl, expect, passwordOf, signInByHand, test } from './bank.ts';
import { expectAccessible } from './page-checks.ts';

interface Account {
  readonly id: string;
  readonly iban: string;
  readonly currency: string;
  readonly name: string;
}

async function accountOf(client: BankClient, currency = 'EUR'): Promise<Account> {
  const { body } = await client.get('/v1/accounts');
  const account = (body['data'] as Account[]).find((one) => one.currency === currency);
  if (account === undefined) throw new Error(`no account in ${currency}`);
  return account;
}

/** How many movements with this reference an account's ledger has. */
async function timesBooked(client: BankClient, accountId: string, reference: string): Promise<number> {
  const { body } = await client.get(`/v1/accounts/${accountId}/transactions?q=${encodeURIComponent(reference)}`);
  return (body['data'] as unknown[]).length;
}

/** Fills the form for someone new and goes on to the review. */
async function fillIn(page: Page, payee: { name: string; iban: string }, amount: string, reference: string) {
  await page.getByText('Someone new', { exact: true }).click();
  await page.getByLabel('Name', { exact: true }).fill(payee.name);
  await page.getByLabel('IBAN', { exact: true }).fill(payee.iban);
  await page.getByLabel(/^Amount in/).fill(amount);
  await page.getByLabel('Reference', { exact: true }).fill(reference);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** A name that is the holder's leads straight on; the review says that it was checked. */
async function continueToReview(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Is this right?' }).waitFor();
  await expect(page.getByText('Name checked: it is the account holder')).toBeVisible();
}

test('money goes to a new payee once, and the ledger says so on both sides', async ({ openAs, ledgerAs }) => {
  const [alice, bob] = await Promise.all([ledgerAs('alice'), ledgerAs('bob')]);
  const [from, to] = await Promise.all([accountOf(alice), accountOf(bob)]);
  const reference = `Browser ${crypto.randomUUID().slice(0, 8)}`;
  const page = await openAs('alice', `/send?from=${from.id}`);
  await fillIn(page, { name: 'Bob de Vries', iban: to.iban }, '12,50', reference);
  await continueToReview(page);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Send €12.50 to Bob de Vries' }).dblclick();
  await expect(page.getByRole('heading', { name: '€12.50 was sent to Bob de Vries' })).toBeVisible();
  await expectAccessible(page);

  const sam = await ledgerAs('sam');
  const { body } = await sam.get(`/v1/ledger/journals?iban=${from.iban}&q=${encodeURIComponent(reference)}`);
  const journals = body['data'] as { id: string; kind: string }[];
  expect(journals).toHaveLength(1);
  const { body: journal } = await sam.get(`/v1/ledger/journals/${journals[0]?.id}`);
  const postings = (journal['postings'] as { account: { iban: string }; amount: { amount: string } }[]).map(
    ({ account, amount }) => [account.iban, amount.amount],
  );
  expect(new Map(postings as [string, string][])).toEqual(
    new Map([
      [from.iban, '-12.50'],
      [to.iban, '12.50'],
    ]),
  );
});

test('keyboard alone signs in and sends', async ({ page, ledgerAs, quiet }) => {
  void quiet;
  const [alice, bob] = await Promise.all([ledgerAs('alice'), ledgerAs('bob')]);
  const [from, to] = await Promise.all([accountOf(alice), accountOf(bob)]);
  const reference = `Keys ${crypto.randomUUID().slice(0, 8)}`;
  await page.goto(`${bankUrl()}/session/login?return_to=${encodeURIComponent(`/send?from=${from.id}`)}`);
  await expect(page.getByLabel('E-mail address or short name')).toBeFocused();
  await page.keyboard.type('alice');
  await page.keyboard.press('Tab');
  await page.keyboard.type(passwordOf('alice'));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Who gets how much?' }).waitFor();

  await tabTo(page, 'radio', 'A payee');
  await page.keyboard.press('ArrowRight');
  await tabTo(page, 'textbox', 'Name');
  await page.keyboard.type('Bob de Vries');
  await tabTo(page, 'textbox', 'IBAN');
  await page.keyboard.type(to.iban);
  await tabTo(page, 'textbox', /^Amount in/);
  await page.keyboard.type('0.75');
  await tabTo(page, 'textbox', 'Reference');
  await page.keyboard.type(reference);
  await tabTo(page, 'button', 'Continue');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Is this right?' })).toBeFocused();
  await tabTo(page, 'button', 'Send €0.75 to Bob de Vries');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '€0.75 was sent to Bob de Vries' })).toBeFocused();
  expect(await timesBooked(alice, from.id, reference)).toBe(1);
});

const TABS_MAX = 60;

/** Presses Tab until that control has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, role: 'button' | 'textbox' | 'radio', name: string | RegExp): Promise<void> {
  const control = page.getByRole(role, { name, exact: true }).first();
  for (let presses = 0; presses < TABS_MAX; presses += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${role} ${String(name)} can not be reached with the keyboard`);
}

test('an answer that is lost is asked for again under the same key', async ({ openAs, ledgerAs, quiet }) => {
  quiet.allow(/Failed to load resource|net::ERR_FAILED/);
  const [alice, bob] = await Promise.all([ledgerAs('alice'), ledgerAs('bob')]);
  const [from, to] = await Promise.all([accountOf(alice), accountOf(bob)]);
  const reference = `Lost ${crypto.randomUUID().slice(0, 8)}`;
  const page = await openAs('alice', `/send?from=${from.id}`);
  await fillIn(page, { name: 'Bob de Vries', iban: to.iban }, '3.10', reference);
  await continueToReview(page);

  const keys: string[] = [];
  await page.route('**/v1/transfers', async (route) => {
    keys.push(route.request().headers()['idempotency-key'] ?? '');
    if (keys.length > 1) return route.continue();
    // The bank does it, and its answer never arrives.
    await route.fetch();
    await route.abort('failed');
  });
  await page.getByRole('button', { name: /^Send €3.10/ }).click();
  await expect(page.getByRole('heading', { name: '€3.10 was sent to Bob de Vries' })).toBeVisible({ timeout: 30_000 });
  expect(keys.length).toBeGreaterThan(1);
  expect(new Set(keys).size).toBe(1);
  expect(await timesBooked(alice, from.id, reference)).toBe(1);
});

test('a reload in the middle goes on with the same payment', async ({ openAs, ledgerAs, quiet }) => {
  quiet.allow(/Failed to load resource|net::ERR_FAILED/);
  const [alice, bob] = await Promise.all([ledgerAs('alice'), ledgerAs('bob')]);
  const [from, to] = await Promise.all([accountOf(alice), accountOf(bob)]);
  const reference = `Reload ${crypto.randomUUID().slice(0, 8)}`;
  const page = await openAs('alice', `/send?from=${from.id}`);
  await fillIn(page, { name: 'Bob de Vries', iban: to.iban }, '2.20', reference);
  await continueToReview(page);
  await page.route('**/v1/transfers', async (route) => {
    await route.fetch();
    await route.abort('failed');
  });
  await page.getByRole('button', { name: /^Send €2.20/ }).click();
  await expect(page.getByRole('heading', { name: 'Checking whether it went through' })).toBeVisible();
  await page.unroute('**/v1/transfers');
  await page.reload();
  await expect(page.getByRole('heading', { name: '€2.20 was sent to Bob de Vries' })).toBeVisible({ timeout: 30_000 });
  expect(await timesBooked(alice, from.id, reference)).toBe(1);
});

test('a session that ends in the middle loses nothing and sends once', async ({ page, ledgerAs, quiet }) => {
  quiet.allow(/401/);
  const [alice, bob] = await Promise.all([ledgerAs('alice'), ledgerAs('bob')]);
  const [from, to] = await Promise.all([accountOf(alice), accountOf(bob)]);
  const reference = `Session ${crypto.randomUUID().slice(0, 8)}`;
  await page.goto(`${bankUrl()}/session/login?return_to=${encodeURIComponent(`/send?from=${from.id}`)}`);
  await signInByHand(page, 'alice');
  await fillIn(page, { name: 'Bob de Vries', iban: to.iban }, '1.90', reference);
  await continueToReview(page);

  // The payment is to hear of it first: the bell, which asks every half minute, may not.
  quiet.allow(/ERR_FAILED/);
  await page.route('**/v1/notifications*', (route) => route.abort());
  await page.context().clearCookies();
  await page.getByRole('button', { name: /^Send €1.90/ }).click();
  await expect(page.getByRole('dialog', { name: 'You were signed out' })).toBeVisible();
  expect(await timesBooked(alice, from.id, reference)).toBe(0);
  await page.getByRole('dialog').getByRole('link', { name: 'Sign in' }).click();
  await signInByHand(page, 'alice');
  await expect(page.getByRole('heading', { name: 'Is this right?' })).toBeVisible();
  await page.getByRole('button', { name: /^Send €1.90/ }).click();
  await expect(page.getByRole('heading', { name: '€1.90 was sent to Bob de Vries' })).toBeVisible();
  expect(await timesBooked(alice, from.id, reference)).toBe(1);
});

test('someone else who signs in sees nothing of a payment that was begun', async ({ page, ledgerAs, quiet }) => {
  quiet.allow(/401/);
  const [alice, bob] = await Promise.all([ledgerAs('alice'), ledgerAs('bob')]);
  const [from, to] = await Promise.all([accountOf(alice), accountOf(bob)]);
  await page.goto(`${bankUrl()}/session/login?return_to=${encodeURIComponent(`/send?from=${from.id}`)}`);
  await signInByHand(page, 'alice');
  await fillIn(page, { name: 'Bob de Vries', iban: to.iban }, '4.44', 'Not for others');
  await continueToReview(page);
  await page.context().clearCookies();
  await page.goto(`${bankUrl()}/session/login?return_to=/send`);
  await signInByHand(page, 'bob');
  await page.getByRole('heading', { name: 'Who gets how much?' }).waitFor();
  expect(await page.locator('body').innerText()).not.toContain('Not for others');
});

test('a name that is not the holder is a warning that must be answered', async ({ openAs, ledgerAs }) => {
  const [alice, bob] = await Promise.all([ledgerAs('alice'), ledgerAs('bob')]);
  const [from, to] = await Promise.all([accountOf(alice), accountOf(bob)]);
  const page = await openAs('alice', `/send?from=${from.id}`);
  await fillIn(page, { name: 'Somebody Else', iban: to.iban }, '1.00', 'Wrong name');
  await expect(page.getByText('This account belongs to someone else')).toBeVisible();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('Tick this to go on')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Is this right?' })).toBeHidden();
});

for (const [currency, digits, shown, login] of [
  ['JPY', '150', 'JP¥150', 'alice'],
  ['KWD', '0.125', 'KWD 0.125', 'bob'],
] as const) {
  test(`amounts in ${currency} keep the digits of their currency`, async ({ openAs, ledgerAs }) => {
    const person = await ledgerAs(login);
    const from = await accountOf(person, currency);
    const page = await openAs(login, `/send?from=${from.id}`);
    await expect(page.getByLabel(`Amount in ${currency}`)).toBeVisible();
    await page.getByLabel(`Amount in ${currency}`).fill(currency === 'JPY' ? '1.5' : '0.1234');
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect(page.getByText(/does not have so many digits|can be read in more than one way/)).toBeVisible();
    await page.goto(`${bankUrl()}/accounts/${from.id}`);
    await expect(page.locator('.amount').first()).toBeVisible();
    await page.goto(`${bankUrl()}/send?from=${from.id}&amount=${digits}`);
    await expect(page.getByLabel(`Amount in ${currency}`)).toHaveValue(digits);
    expect(shown).toContain(currency === 'JPY' ? '¥' : 'KWD');
  });
}
