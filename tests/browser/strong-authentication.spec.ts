import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import type { BankClient } from '../bank-client.ts';
import { bankUrl, expect, signInByHand, test } from './bank.ts';
import { addAuthenticator, codeOf, setUpTotp, signUpSomebody } from './factors.ts';
import { expectWellMade, settled } from './page-checks.ts';

const PASSWORD = 'lantern maple harbour';

/** Somebody new with money, on the page where factors are set up. */
async function newPayer(
  page: Page,
  teller: BankClient,
): Promise<{ readonly email: string; readonly accountId: string }> {
  const email = `payer-${randomBytes(6).toString('hex')}@example.com`;
  await signUpSomebody(email, PASSWORD, 'Pia Payer');
  await page.goto(`${bankUrl()}/session/login?return_to=/security`);
  await signInByHand(page, email, PASSWORD);
  await expect(page.getByRole('heading', { level: 1, name: 'How you sign in' })).toBeVisible();
  const accountId = await firstAccount(page);
  const amount = { amount: '500.00', currency: 'EUR' };
  await teller.post('/v1/deposits', { accountId, amount, reference: 'Cash' });
  return { email, accountId };
}

/** Opens itself after a sign-up, within moments. */
async function firstAccount(page: Page): Promise<string> {
  let accountId: string | undefined;
  await expect
    .poll(async () => {
      const answer = await page.request.get(`${bankUrl()}/v1/accounts`);
      const { data = [] } = (await answer.json()) as { data?: { id: string; status: string }[] };
      accountId = data.find(({ status }) => status === 'active')?.id;
      return accountId;
    })
    .toBeDefined();
  return accountId ?? '';
}

/** Fills in a payment to Bob and sends it from the review. */
async function sendToBob(page: Page, iban: string, amount: string, shown: string): Promise<void> {
  await page.getByText('Someone new', { exact: true }).click();
  await page.getByLabel('Name', { exact: true }).fill('Bob de Vries');
  await page.getByLabel('IBAN', { exact: true }).fill(iban);
  await page.getByLabel(/^Amount in/).fill(amount);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Is this right?' }).waitFor();
  await page.getByRole('button', { name: `Send ${shown} to Bob de Vries` }).click();
}

async function ibanOf(client: BankClient): Promise<string> {
  const { body } = await client.get('/v1/accounts');
  const accounts = body['data'] as { iban: string; currency: string }[];
  return accounts.find(({ currency }) => currency === 'EUR')?.iban ?? '';
}

test('a payment is confirmed with a code of the app, which is for this payment alone', async ({
  page,
  ledgerAs,
  quiet,
}) => {
  // That a payment must be confirmed is answered 403, and a wrong code 401; browsers write both on the console.
  quiet.allow(/40[13]/);
  const [teller, bob] = await Promise.all([ledgerAs('tessa'), ledgerAs('bob')]);
  const { email, accountId } = await newPayer(page, teller);
  await settled(page);
  const { secret } = await setUpTotp(page);
  await page.goto(`${bankUrl()}/session/login?return_to=${encodeURIComponent(`/send?from=${accountId}`)}`);
  await signInByHand(page, email, PASSWORD);
  await page.getByLabel('Code from your app').fill(codeOf(secret));
  await page.getByRole('button', { name: 'Sign in' }).click();

  await sendToBob(page, await ibanOf(bob), '120.00', '€120.00');
  const title = page.getByRole('heading', { name: 'Confirm with your second factor' });
  await expect(title).toBeFocused();
  await expect(page.getByText('€120.00')).toBeVisible();
  await settled(page);
  await expectWellMade(page);
  // A reload keeps the payment, its key and its challenge.
  await page.reload();
  await expect(title).toBeVisible();
  await page.getByLabel('Code from your app').fill('000000');
  await page.getByRole('button', { name: 'Confirm and send' }).click();
  await expect(page.getByRole('alert')).toContainText('This code is not right');
  await page.getByLabel('Code from your app').fill(codeOf(secret, 1));
  await page.getByRole('button', { name: 'Confirm and send' }).click();
  await expect(page.getByRole('heading', { name: '€120.00 was sent to Bob de Vries' })).toBeVisible();

  await expect.poll(() => postedOf(teller, accountId)).toBe('380.00');
});

test('a payment is confirmed with a passkey, and a small one is not asked for', async ({
  page,
  context,
  ledgerAs,
  quiet,
}) => {
  quiet.allow(/403/);
  const [teller, bob] = await Promise.all([ledgerAs('tessa'), ledgerAs('bob')]);
  await addAuthenticator(context, page);
  const { email, accountId } = await newPayer(page, teller);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel('What shall it be called?').fill('Laptop');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('“Laptop” was added.')).toBeVisible();
  await page.goto(`${bankUrl()}/session/login?return_to=${encodeURIComponent(`/send?from=${accountId}`)}`);
  await signInByHand(page, email, PASSWORD);
  await page.getByRole('button', { name: 'Use your passkey' }).click();

  const iban = await ibanOf(bob);
  await sendToBob(page, iban, '10.00', '€10.00');
  await expect(page.getByRole('heading', { name: '€10.00 was sent to Bob de Vries' })).toBeVisible();
  await page
    .getByRole('button', { name: 'Send again' })
    .or(page.getByRole('button', { name: /another/i }))
    .click();

  await sendToBob(page, iban, '90.00', '€90.00');
  await page.getByRole('button', { name: 'Confirm with your passkey' }).click();
  await expect(page.getByRole('heading', { name: '€90.00 was sent to Bob de Vries' })).toBeVisible();
  await expect.poll(() => postedOf(teller, accountId)).toBe('400.00');

  await page
    .getByRole('button', { name: 'Keep Bob' })
    .or(page.getByRole('button', { name: /payee/i }))
    .click();
  await page.goto(`${bankUrl()}/payees`);
  await page.getByRole('button', { name: 'More about Bob de Vries' }).click();
  await page.getByRole('menuitem', { name: 'Trust' }).click();
  await expectWellMade(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Trust' }).click();
  await expect(page.getByText('Bob de Vries is trusted now.')).toBeVisible();
  await page.getByRole('link', { name: 'Send money to Bob de Vries' }).click();
  await page.getByLabel(/^Amount in/).fill('100.00');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Send €100.00 to Bob de Vries' }).click();
  await expect(page.getByRole('heading', { name: '€100.00 was sent to Bob de Vries' })).toBeVisible();
});

/** What is on an account as somebody sees it who did not write last: it may be a moment old. */
async function postedOf(client: BankClient, accountId: string): Promise<string> {
  const { body } = await client.get(`/v1/accounts/${accountId}/balance`);
  return (body['posted'] as { readonly amount: string }).amount;
}
