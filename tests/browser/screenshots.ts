import { fileURLToPath } from 'node:url';
import { bankUrl, expect, test } from './bank.ts';
import { settled } from './page-checks.ts';
import { stuckSignUp } from './stuck-sign-up.ts';

const FOLDER = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));

interface Account {
  readonly id: string;
  readonly iban: string;
}

/** What is shown, as whom; `{account}` is the person's first. */
const SHOTS: readonly (readonly [name: string, login: string, path: string])[] = [
  ['overview', 'alice', '/'],
  ['accounts', 'alice', '/accounts'],
  ['account', 'alice', '/accounts/{account}'],
  ['search', 'alice', '/accounts/{account}?q=groceries&direction=out'],
  ['statements', 'alice', '/accounts/{account}/statements'],
  ['payees', 'alice', '/payees'],
  ['standing-orders', 'alice', '/standing-orders'],
  ['sessions', 'alice', '/sessions'],
  ['profile', 'alice', '/profile'],
  ['notices', 'alice', '/notifications'],
  ['staff', 'sam', '/staff'],
  ['staff-customers', 'tessa', '/staff/customers'],
  ['staff-counter', 'tessa', '/staff/cash'],
  ['staff-journals', 'sam', '/staff/journals'],
  ['staff-books', 'sam', '/staff/ledger'],
  ['staff-sagas', 'sam', '/staff/sagas?service=users'],
  ['staff-approvals', 'sam', '/staff/approvals'],
  ['staff-in-doubt', 'sam', '/staff/in-doubt'],
  ['staff-dead-letters', 'sam', '/staff/dead-letters'],
  ['staff-services', 'sam', '/staff/health'],
];

for (const [name, login, path] of SHOTS) {
  test(name, async ({ openAs, ledgerAs }, { project }) => {
    let address = path;
    if (path.includes('{account}')) {
      const { body } = await (await ledgerAs(login)).get('/v1/accounts');
      const [account] = body['data'] as Account[];
      address = path.replace('{account}', account?.id ?? '');
    }
    const page = await openAs(login, address);
    await settled(page);
    // Lazy charts and fonts are there a moment after the data.
    await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined);
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    await page.screenshot({ path: `${FOLDER}${name}-${project.name}.png` });
  });
}

test('sending', async ({ openAs, ledgerAs }, { project }) => {
  const [alice, bob] = await Promise.all([ledgerAs('alice'), ledgerAs('bob')]);
  const first = async (client: typeof alice) => ((await client.get('/v1/accounts')).body['data'] as Account[])[0];
  const [from, to] = await Promise.all([first(alice), first(bob)]);
  const page = await openAs('alice', `/send?from=${from?.id}`);
  await page.getByText('Someone new', { exact: true }).click();
  await page.getByLabel('Name', { exact: true }).fill('Bob de Vries');
  await page.getByLabel('IBAN', { exact: true }).fill(to?.iban ?? '');
  await page.getByLabel(/^Amount in/).fill('12.50');
  await page.getByLabel('Reference', { exact: true }).fill('Lunch');
  await page.screenshot({ path: `${FOLDER}send-${project.name}.png` });
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Is this right?' }).waitFor();
  await page.screenshot({ path: `${FOLDER}send-review-${project.name}.png` });
  await page.getByRole('button', { name: /^Send €12.50/ }).click();
  await expect(page.getByRole('heading', { name: /was sent to/ })).toBeVisible();
  await page.screenshot({ path: `${FOLDER}send-result-${project.name}.png` });
});

test('a saga that needs somebody', async ({ openAs, ledgerAs }, { project }) => {
  const { sagaId } = await stuckSignUp(await ledgerAs('sam'));
  const page = await openAs('sam', `/staff/sagas/users/${sagaId}`);
  await settled(page);
  await page.screenshot({ path: `${FOLDER}staff-saga-${project.name}.png`, fullPage: true });
});

for (const [name, path] of [
  ['start', '/'],
  ['sign-in', '/session/login'],
  ['api', '/docs'],
] as const) {
  test(name, async ({ page }, { project }) => {
    await page.goto(`${bankUrl()}${path}`);
    await settled(page);
    await page.screenshot({ path: `${FOLDER}${name}-${project.name}.png` });
  });
}
