import { bankUrl, expect, test } from './bank.ts';
import { settled } from './page-checks.ts';

/** What the first page may cost before anything is to be seen; the charts come after it. */
const FIRST_ROUTE_GZIP_BYTES_MAX = 250_000;

test('the first page is light, and the charts come after it', async ({ openAs, request }) => {
  const page = await openAs('alice', '/signed-out');
  const scripts = new Set<string>();
  page.on('request', (sent) => {
    if (sent.resourceType() === 'script') scripts.add(sent.url());
  });
  // While the curve's data is not there, nothing asks for the library that draws it.
  const held = Promise.withResolvers<void>();
  await page.route('**/balance-history*', async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.goto(`${bankUrl()}/`);
  await expect(page.getByRole('heading', { name: /^Hello/ })).toBeVisible();
  await expect(page.getByText('Groceries').first()).toBeVisible();

  let bytes = 0;
  for (const url of scripts) {
    const answer = await request.get(url, { headers: { 'accept-encoding': 'gzip' } });
    bytes += Number(answer.headers()['content-length'] ?? Number.NaN);
  }
  test.info().annotations.push({ type: 'first route, gzip bytes', description: String(bytes) });
  expect(scripts.size).toBeGreaterThan(3);
  expect(bytes).toBeLessThanOrEqual(FIRST_ROUTE_GZIP_BYTES_MAX);

  const before = scripts.size;
  held.resolve();
  await settled(page);
  await expect(page.locator('.recharts-surface').first()).toBeVisible();
  expect(scripts.size).toBeGreaterThan(before);
});
