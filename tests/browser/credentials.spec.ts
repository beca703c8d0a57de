import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { bankHome, bankUrl, expect, signInByHand, test } from './bank.ts';
import { expectWellMade, settled } from './page-checks.ts';

const PASSWORD = 'lantern maple harbour';
const NEW_PASSWORD = 'velvet orchid thistle';

/** Somebody new, so that nobody else's sign-in changes. */
async function newCustomer(): Promise<string> {
  const email = `mail-${randomBytes(6).toString('hex')}@example.com`;
  const answer = await fetch(`${bankUrl()}/v1/users`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD, name: 'Maria Keller' }),
  });
  expect(answer.status).toBe(201);
  return email;
}

/** Waits for a mail of this subject to an address; answers the link in it. */
async function linkTo(email: string, subject: string): Promise<string> {
  let link = '';
  await expect(() => {
    const folder = join(bankHome(), 'mail');
    const mails = readdirSync(folder)
      .filter((name) => name.endsWith('.eml'))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
    const mail = mails.find((text) => text.includes(`To: ${email}`) && text.includes(`Subject: ${subject}`)) ?? '';
    link = /^http\S+#\S{43}$/m.exec(mail.replace(/=\n/g, ''))?.[0] ?? '';
    expect(link).not.toBe('');
  }).toPass();
  return link;
}

async function confirm(page: Page, email: string, subject = 'Confirm your address'): Promise<void> {
  await page.goto(await linkTo(email, subject));
  await expect(page.getByRole('heading', { name: 'Confirm your address' })).toBeVisible();
  await expectWellMade(page);
  await page.getByRole('button', { name: 'Confirm the address' }).click();
  await expect(page.getByRole('heading', { name: 'Your address is confirmed' })).toBeVisible();
}

async function toSecurityPage(page: Page, email: string, password: string): Promise<void> {
  await page.goto(`${bankUrl()}/session/login?return_to=/security`);
  await signInByHand(page, email, password);
  await expect(page.getByRole('heading', { level: 1, name: 'How you sign in' })).toBeVisible();
  await settled(page);
}

test('a forgotten password is replaced by a link in a mail, which works once and leaves no trace in the address', async ({
  page,
  quiet,
}) => {
  // A weak password is answered 422, and a link that was used 410, which browsers write on the console.
  quiet.allow(/410|422/);
  const email = await newCustomer();
  await confirm(page, email);
  await page.goto(`${bankUrl()}/session/login`);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await expectWellMade(page);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send the link' }).click();
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();

  const link = await linkTo(email, 'A new password for Florin');
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();
  expect(page.url()).toBe(`${bankUrl()}/reset-password`);
  await expectWellMade(page);
  await page.getByLabel('New password').fill('sunshine2026!!');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByText(/tried first/)).toBeVisible();
  await page.getByLabel('New password').fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByRole('heading', { name: 'Your password is set' })).toBeVisible();
  await toSecurityPage(page, email, NEW_PASSWORD);

  await page.goto('about:blank');
  await page.goto(link);
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible();
});

test('the security page changes the password and the address, and forgets a browser', async ({ page, quiet }) => {
  quiet.allow(/422/);
  const email = await newCustomer();
  await toSecurityPage(page, email, PASSWORD);
  await expect(page.getByText('Not confirmed yet')).toBeVisible();
  await expectWellMade(page);

  await page.getByRole('button', { name: 'Change the password' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your present password').fill('not the present one');
  await dialog.getByLabel('New password').fill(NEW_PASSWORD);
  await dialog.getByRole('button', { name: 'Change the password' }).click();
  await expect(dialog.getByText('This is not your present password.')).toBeVisible();
  await dialog.getByLabel('Your present password').fill(PASSWORD);
  await expectWellMade(page);
  await dialog.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText('Your password was changed.')).toBeVisible();

  await page.getByRole('button', { name: 'Forget Chrome on Linux' }).click();
  await expect(page.getByText('None is known.')).toBeVisible();

  const other = `new-${email}`;
  await page.getByRole('button', { name: 'Change the address' }).click();
  await dialog.getByLabel('New e-mail address').fill(other);
  await dialog.getByRole('button', { name: 'Change the address' }).click();
  await expect(page.getByText('Look into the mail of the new address')).toBeVisible();
  await confirm(page, other, 'Confirm your new address');
  await toSecurityPage(page, other, NEW_PASSWORD);
  await expect(page.getByText('Confirmed. We tell you there')).toBeVisible();
});
