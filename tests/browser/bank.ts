import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import { type BankClient, signInDemo } from '../bank-client.ts';

export { expect };

/** Where the bank of this run answers; the set-up put it there. */
export function bankUrl(): string {
  return process.env['FLORIN_URL'] ?? '';
}

/** Where the bank of this run keeps what it stores. */
export function bankHome(): string {
  return process.env['FLORIN_HOME'] ?? '';
}

/** The password of a demo user of this bank. */
export function passwordOf(login: string): string {
  const users: Record<string, { password: string }> = JSON.parse(
    readFileSync(join(bankHome(), 'demo-users.json'), 'utf8'),
  );
  return users[login]?.password ?? '';
}

/** Signs in on the page, as a person does. */
export async function signInByHand(page: Page, login: string, password = passwordOf(login)): Promise<void> {
  await page.getByLabel('E-mail address or short name').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

interface PerWorker {
  /** The cookies of a signed-in demo user, made once per worker by signing in on the page. */
  readonly cookiesOf: (login: string) => Promise<Cookies>;
}

interface PerTest {
  /** Opens a page as a demo user who is signed in. */
  readonly openAs: (login: string, path: string) => Promise<Page>;
  /** The bank without a browser: what the ledger itself says. */
  readonly ledgerAs: (login: string) => Promise<BankClient>;
  /** Fails a test whose pages said anything on the console, threw, broke the policy or asked another origin. */
  readonly quiet: { readonly allow: (pattern: RegExp) => void };
}

export const test = base.extend<PerTest, PerWorker>({
  cookiesOf: [
    async ({ browser }, use) => {
      const known = new Map<string, Promise<Cookies>>();
      const signIn = async (login: string): Promise<Cookies> => {
        const context = await browser.newContext();
        const page = await context.newPage();
        await page.goto(`${bankUrl()}/session/login`);
        await signInByHand(page, login);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
        const cookies = await context.cookies();
        await context.close();
        return cookies;
      };
      await use((login) => {
        const cookies = known.get(login) ?? signIn(login);
        known.set(login, cookies);
        return cookies;
      });
    },
    { scope: 'worker' },
  ],

  openAs: async ({ context, page, cookiesOf, quiet }, use) => {
    void quiet;
    await use(async (login, path) => {
      await context.addCookies(await cookiesOf(login));
      await page.goto(`${bankUrl()}${path}`);
      return page;
    });
  },

  ledgerAs: async ({ page: _ }, use) => {
    await use((login) => signInDemo(bankUrl(), bankHome(), login));
  },

  quiet: [
    async ({ context }, use) => {
      const said: string[] = [];
      const allowed: RegExp[] = [];
      context.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') said.push(`console: ${message.text()}`);
      });
      context.on('weberror', (error) => said.push(`thrown: ${error.error().message}`));
      context.on('request', (request) => {
        const url = new URL(request.url());
        const isOurs = url.origin === bankUrl() || url.protocol === 'data:' || url.protocol === 'blob:';
        if (!isOurs) said.push(`foreign request: ${request.url()}`);
      });
      await use({ allow: (pattern) => allowed.push(pattern) });
      expect(said.filter((line) => !allowed.some((pattern) => pattern.test(line)))).toEqual([]);
    },
    { auto: true },
  ],
});
