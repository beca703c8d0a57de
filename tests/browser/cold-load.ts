import { bankUrl, test } from './bank.ts';

const LOADS = 20;

function percentile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
}

test('the overview after a cold load', async ({ browser, cookiesOf }) => {
  const usableMs: number[] = [];
  for (let load = 0; load <= LOADS; load += 1) {
    // A context of its own has no cache: every file comes over the wire and every script is compiled.
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    await context.addCookies(await cookiesOf('alice'));
    const page = await context.newPage();
    await page.goto(`${bankUrl()}/`, { waitUntil: 'commit' });
    await page.getByRole('link', { name: /^Everyday/ }).waitFor();
    await page.locator('a.row-link').first().waitFor();
    await page.getByText('Groceries').first().waitFor();
    const sinceNavigation = await page.evaluate(() => performance.now());
    // The first one starts the browser's own processes, which is not the page's doing.
    if (load > 0) usableMs.push(sinceNavigation);
    await context.close();
  }
  const sorted = usableMs.toSorted((a, b) => a - b);
  const [median, slow, worst] = [percentile(sorted, 0.5), percentile(sorted, 0.9), percentile(sorted, 1)];
  process.stdout.write(`\nusable after ${median} ms (median of ${LOADS}), ${slow} ms (p90), ${worst} ms (worst)\n`);
});
