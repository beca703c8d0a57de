import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

const WCAG_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** All that another scheme can break. */
const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block'];
/** What a page shows when it printed something it should not have. */
const LEAKS = /\b(undefined|NaN|Invalid Date|\[object Object\])\b|\b\d{4}-\d{2}-\d{2}T\d{2}:/;

/** Waits until nothing on the page is loading any more. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await expect(page.locator('[data-state="loading"]')).toHaveCount(0);
}

/** What holds on every page, whatever it shows. */
export async function expectWellMade(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page).toHaveTitle(/Florin/);
  expect(await page.locator('body').innerText()).not.toMatch(LEAKS);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, 'the page scrolls sideways').toBeLessThanOrEqual(0);
  await expectAccessible(page);
}

/** The same in both schemes: a page that is open follows the machine when evening comes. */
export async function expectWellMadeDayAndNight(page: Page): Promise<void> {
  await expectWellMade(page);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const byDay = await background();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(background).not.toBe(byDay);
  expect(await findingsOf(new AxeBuilder({ page }).withRules(RULES_OF_COLOUR))).toEqual([]);
}

/** No serious finding of axe, in the words of the finding. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await findingsOf(new AxeBuilder({ page }).withTags(WCAG_TAGS))).toEqual([]);
}

async function findingsOf(builder: AxeBuilder): Promise<readonly string[]> {
  const { violations } = await builder.analyze();
  return violations.flatMap(({ id, impact, nodes }) =>
    impact === 'serious' || impact === 'critical' ? nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`) : [],
  );
}
