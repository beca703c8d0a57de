import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  directorySettings,
  issuerSettings,
  OUTSIDE_CLIENT,
  SERVICE_PASSWORD,
  STAFF_LDIF,
  startOutsideIssuer,
  startSlapd,
} from '@florin/users/keepers';
import { expect, test } from '@playwright/test';
import { freePortPair } from '../../tools/free-ports.ts';
import { startBankProcess } from '../bank-process.ts';
import { expectAccessible } from './page-checks.ts';

test.describe.configure({ mode: 'serial' });

const OTTO = {
  login: 'otto',
  password: 'a word of head office',
  email: 'otto@head.example',
  name: 'Otto of head office',
  roles: ['bank-teller'],
  acr: '1',
};

const home = mkdtempSync(join(tmpdir(), 'florin-federation-'));
const started: (() => Promise<unknown>)[] = [];
let bankAt = '';

// A bank of its own: the demo bank knows nobody else.
test.beforeAll(async () => {
  chmodSync(home, 0o711);
  const port = await freePortPair();
  const redirectUri = `http://localhost:${port}/federation/callback`;
  const [slapd, issuer] = await Promise.all([startSlapd(STAFF_LDIF), startOutsideIssuer([OTTO], { redirectUri })]);
  started.push(slapd.close, issuer.stop);
  const secrets = { ldap: join(home, 'ldap'), oidc: join(home, 'oidc') };
  writeFileSync(secrets.ldap, SERVICE_PASSWORD);
  writeFileSync(secrets.oidc, OUTSIDE_CLIENT.secret);
  const providers = [directorySettings(slapd, secrets), issuerSettings('head', issuer, secrets)];
  const identityProvidersFile = join(home, 'providers.json');
  writeFileSync(identityProvidersFile, JSON.stringify({ providers }));
  const bank = await startBankProcess(home, port, ['--empty'], { identityProvidersFile });
  started.push(bank.stop);
  bankAt = bank.url;
});

test.afterAll(async () => {
  for (const stop of started.toReversed()) await stop();
  rmSync(home, { recursive: true, force: true });
});

test('staff of a directory sign in with their password there, and see what their group may', async ({ page }) => {
  await page.goto(`${bankAt}/session/login`);
  await page.getByRole('button', { name: 'Sign in with Staff directory' }).click();
  await expect(page.getByText('with your name and password at Staff directory')).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Your name there').fill('teri');
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('do not go together');
  await page.getByLabel('Password', { exact: true }).fill("teri's own password");
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  await page.goto(`${bankAt}/staff`);
  await expect(page.getByRole('link', { name: 'Cash' })).toBeVisible();
});

test('somebody of another issuer signs in on its page and comes back', async ({ page }) => {
  await page.goto(`${bankAt}/session/login`);
  await page.getByRole('button', { name: 'Sign in with Head office' }).click();
  await expect(page.getByRole('heading', { name: 'Head office' })).toBeVisible();
  await page.getByLabel('Name').fill(OTTO.login);
  await page.getByLabel('Password').fill(OTTO.password);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.waitForURL((url) => url.origin === bankAt && !url.pathname.startsWith('/sign-in'));
  await page.goto(`${bankAt}/profile`);
  await expect(page.getByText('otto@head.example').first()).toBeVisible();
});

test('an answer that was not asked for here is said to be none, and the page offers the ways again', async ({
  page,
}) => {
  await page.goto(`${bankAt}/session/login`);
  await page.waitForURL(/\/sign-in\//);
  const uid = new URL(page.url()).pathname.split('/').at(-1);
  await page.goto(`${bankAt}/federation/callback?code=made-up&state=${uid}.${'a'.repeat(32)}`);
  await expect(page.getByRole('alert')).toContainText('The sign-in there came to nothing');
  await expect(page.getByRole('button', { name: 'Sign in with Head office' })).toBeVisible();
});
