import { expect, test } from './bank.ts';
import { expectWellMadeDayAndNight, settled } from './page-checks.ts';
import { stuckSignUp } from './stuck-sign-up.ts';

/** Pages of a customer. `{account}` and the like stand for ids that are looked up first. */
const CUSTOMER_PAGES = [
  '/',
  '/accounts',
  '/accounts/{account}',
  '/accounts/{account}?q=groceries&direction=out',
  '/accounts/{account}?q=nothing-is-called-this',
  '/accounts/{account}/transactions/{transaction}',
  '/accounts/{account}/statements',
  '/send',
  '/payees',
  '/standing-orders',
  '/standing-orders/{order}',
  '/profile',
  '/sessions',
  '/notifications',
  '/security',
  '/nowhere',
];

/** Pages that lie behind the header, or nowhere. */
const OUTSIDE_NAVIGATION = new Set(['/nowhere', '/sessions', '/notifications', '/security']);

const STAFF_PAGES = {
  tessa: ['/staff', '/staff/customers', '/staff/customers/{customer}', '/staff/accounts/{account}', '/staff/cash'],
  sam: [
    '/staff',
    '/staff/journals',
    '/staff/journals/{journal}',
    '/staff/ledger',
    '/staff/sagas',
    '/staff/sagas?service=users&status=compensated',
    '/staff/sagas/users/{saga}',
    '/staff/sagas/users/{stuck}',
    '/staff/approvals',
    '/staff/in-doubt',
    '/staff/dead-letters',
    '/staff/health',
  ],
  amir: ['/staff/sagas/users/{stuck}'],
} as const;

const PUBLIC_PAGES = [
  '/',
  '/docs',
  '/signed-out',
  '/forgot-password',
  '/reset-password',
  '/confirm-email',
  '/signed-out?reason=sign-in-failed',
  '/session/login',
];

test.describe.configure({ mode: 'parallel' });

for (const path of CUSTOMER_PAGES) {
  test(`customer: ${path}`, async ({ openAs, ledgerAs, quiet }) => {
    if (path === '/nowhere') quiet.allow(/404/);
    const alice = await ledgerAs('alice');
    const page = await openAs('alice', await filledIn(path, alice));
    await settled(page);
    await expectWellMadeDayAndNight(page);
    const isInNavigation = !OUTSIDE_NAVIGATION.has(path);
    await expect(page.locator('nav [aria-current="page"]:visible')).toHaveCount(isInNavigation ? 1 : 0);
  });
}

for (const [login, paths] of Object.entries(STAFF_PAGES)) {
  for (const path of paths) {
    test(`${login}: ${path}`, async ({ openAs, ledgerAs }) => {
      const address = await filledInForStaff(path, await ledgerAs('alice'), await ledgerAs(login));
      const page = await openAs(login, address);
      await settled(page);
      await expectWellMadeDayAndNight(page);
    });
  }
}

for (const path of PUBLIC_PAGES) {
  test(`anyone: ${path}`, async ({ page, quiet }) => {
    void quiet;
    await page.goto(`${process.env['FLORIN_URL']}${path}`);
    await settled(page);
    await expectWellMadeDayAndNight(page);
  });
}

type Client = Awaited<ReturnType<Parameters<Parameters<typeof test>[2]>[0]['ledgerAs']>>;

interface Identified {
  readonly id: string;
}

async function firstOf(client: Client, path: string): Promise<Identified> {
  const { body } = await client.get(path);
  const [first] = body['data'] as Identified[];
  if (first === undefined) throw new Error(`${path} is empty`);
  return first;
}

async function filledIn(path: string, alice: Client): Promise<string> {
  const account = (await firstOf(alice, '/v1/accounts')).id;
  let address = path.replace('{account}', account);
  if (address.includes('{transaction}')) {
    address = address.replace('{transaction}', (await firstOf(alice, `/v1/accounts/${account}/transactions`)).id);
  }
  if (address.includes('{order}')) {
    address = address.replace('{order}', (await firstOf(alice, '/v1/standing-orders')).id);
  }
  return address;
}

async function filledInForStaff(path: string, alice: Client, staff: Client): Promise<string> {
  let address = path.replace('{account}', (await firstOf(alice, '/v1/accounts')).id);
  if (address.includes('{customer}')) {
    address = address.replace('{customer}', String((await alice.get('/v1/me')).body['id']));
  }
  if (address.includes('{saga}')) {
    address = address.replace('{saga}', (await firstOf(staff, '/v1/sagas/users?status=completed')).id);
  }
  if (address.includes('{stuck}')) address = address.replace('{stuck}', (await stuckSignUp(staff)).sagaId);
  if (address.includes('{journal}')) {
    address = address.replace('{journal}', (await firstOf(staff, '/v1/ledger/journals')).id);
  }
  return address;
}
