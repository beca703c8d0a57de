import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { bankUrl, expect, signInByHand, test } from './bank.ts';
import { addAuthenticator, codeOf, setUpTotp, signUpSomebody } from './factors.ts';
import { expectWellMade, settled } from './page-checks.ts';

const PASSWORD = 'lantern maple harbour';

/** Somebody new, so that nobody else's sign-in changes. */
async function newCustomer(): Promise<string> {
  const email = `factors-${randomBytes(6).toString('hex')}@example.com`;
  await signUpSomebody(email, PASSWORD, 'Maria Keller');
  return email;
}

async function toSecurityPage(page: Page, email: string): Promise<void> {
  await page.goto(`${bankUrl()}/session/login?return_to=/security`);
  await signInByHand(page, email, PASSWORD);
  await expect(page.getByRole('heading', { level: 1, name: 'How you sign in' })).toBeVisible();
  await settled(page);
}

test('an authenticator app is set up, asked for at the next sign-in, and stood in for by a recovery code', async ({
  page,
  browser,
  quiet,
}) => {
  // A wrong code is answered 401, which browsers write on the console.
  quiet.allow(/401/);
  const email = await newCustomer();
  await toSecurityPage(page, email);
  const { secret, codes } = await setUpTotp(page);
  await expect(page.getByText('You have 10 left.')).toBeVisible();
  // This sign-in was made with one factor: it may not take the new one away.
  await expect(page.getByText('Sign in again to change anything here')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Remove the app' })).toHaveCount(0);

  const elsewhere = await (await browser.newContext()).newPage();
  await elsewhere.goto(`${bankUrl()}/session/login?return_to=/security`);
  await signInByHand(elsewhere, email, PASSWORD);
  await expect(elsewhere.getByRole('heading', { name: 'One more thing' })).toBeVisible();
  await expectWellMade(elsewhere);
  // A reload is still at the second step, and asks for no password.
  await elsewhere.reload();
  await elsewhere.getByLabel('Code from your app').fill('000000');
  await elsewhere.getByRole('button', { name: 'Sign in' }).click();
  await expect(elsewhere.getByRole('alert')).toContainText('This code is not right');
  await elsewhere.getByLabel('Code from your app').fill(codeOf(secret, 1));
  await elsewhere.getByRole('button', { name: 'Sign in' }).click();
  await expect(elsewhere.getByRole('button', { name: 'Remove the app' })).toBeVisible();

  await elsewhere.goto(`${bankUrl()}/session/login?return_to=/security`);
  await signInByHand(elsewhere, email, PASSWORD);
  await elsewhere.getByRole('button', { name: 'Use a recovery code' }).click();
  await elsewhere.getByLabel('Recovery code').fill(codes[3]?.toLowerCase().replaceAll('-', ' ') ?? '');
  await elsewhere.getByRole('button', { name: 'Sign in' }).click();
  await expect(elsewhere.getByText('You have 9 left.')).toBeVisible();

  await elsewhere.getByRole('button', { name: 'Remove the app' }).click();
  await elsewhere.getByRole('dialog').getByRole('button', { name: 'Remove the app' }).click();
  await expect(elsewhere.getByText('The app was removed.')).toBeVisible();
  await expect(elsewhere.getByRole('button', { name: 'Set up an app' })).toBeVisible();
  await elsewhere.context().close();
});

test('a passkey is made, signs in by itself, and is the second factor after a password', async ({ page, context }) => {
  const email = await newCustomer();
  await addAuthenticator(context, page);
  await toSecurityPage(page, email);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel('What shall it be called?').fill('Laptop <b>');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('“Laptop <b>” was added.')).toBeVisible();
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText('not used yet')).toBeVisible();
  await expectWellMade(page);

  await page.goto(`${bankUrl()}/session/login?return_to=/security`);
  await expectWellMade(page);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(page.getByText(/last used/)).toBeVisible();

  await page.goto(`${bankUrl()}/session/login?return_to=/security`);
  await signInByHand(page, email, PASSWORD);
  await expect(page.getByRole('heading', { name: 'One more thing' })).toBeVisible();
  await expectWellMade(page);
  await page.getByRole('button', { name: 'Use your passkey' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'How you sign in' })).toBeVisible();

  await page.getByRole('button', { name: 'Remove Laptop <b>' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('The passkey was removed.')).toBeVisible();
  await expect(page.getByText('You have no passkey yet.')).toBeVisible();
});

test('T19: a passkey whose user is not verified signs nobody in', async ({ page, context }) => {
  const email = await newCustomer();
  const authenticator = await addAuthenticator(context, page);
  await toSecurityPage(page, email);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByLabel('What shall it be called?').fill('Laptop');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('“Laptop” was added.')).toBeVisible();
  await authenticator.refuseUser();
  await page.goto(`${bankUrl()}/session/login?return_to=/security`);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('The passkey was not used');
  await expect(page).toHaveURL(/\/sign-in\//);
});
