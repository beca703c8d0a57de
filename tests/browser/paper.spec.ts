import { bankUrl, expect, test } from './bank.ts';
import { settled } from './page-checks.ts';

interface Statement {
  readonly period: string;
  readonly opening: { readonly amount: string };
  readonly closing: { readonly amount: string };
  readonly lines: readonly { readonly amount: { readonly amount: string } }[];
}

const minor = (amount: string): bigint => BigInt(amount.replace('.', ''));

test('every statement adds up, follows on the one before, and comes in four forms', async ({ openAs, ledgerAs }) => {
  const alice = await ledgerAs('alice');
  const [account] = (await alice.get('/v1/accounts')).body['data'] as { id: string }[];
  const page = await openAs('alice', `/accounts/${account?.id}/statements`);
  await settled(page);
  const list = (await alice.get(`/v1/accounts/${account?.id}/statements`)).body['data'] as Statement[];
  expect(list.length).toBeGreaterThanOrEqual(3);
  let before: Statement | undefined;
  for (const { period } of list.toReversed()) {
    const statement = (await alice.get(`/v1/accounts/${account?.id}/statements/${period}`))
      .body as unknown as Statement;
    const sum = statement.lines.reduce((total, line) => total + minor(line.amount.amount), 0n);
    expect(minor(statement.opening.amount) + sum).toBe(minor(statement.closing.amount));
    if (before !== undefined) expect(statement.opening).toEqual(before.closing);
    before = statement;
  }

  for (const [link, start] of [
    [/as PDF/, '%PDF-'],
    [/as CSV/, '\u00ef\u00bb\u00bf'],
    [/as camt.053/, '<?xml'],
  ] as const) {
    const href = await page.getByRole('link', { name: link }).first().getAttribute('href');
    const answer = await page.request.get(`${bankUrl()}${href}`);
    expect(answer.status()).toBe(200);
    expect((await answer.body()).subarray(0, start.length).toString('latin1')).toBe(start);
  }
});

test('a month that is not over, and one before the account, are said to be so', async ({ ledgerAs }) => {
  const alice = await ledgerAs('alice');
  const [account] = (await alice.get('/v1/accounts')).body['data'] as { id: string }[];
  const thisMonth = new Date().toISOString().slice(0, 7);
  const open = await alice.get(`/v1/accounts/${account?.id}/statements/${thisMonth}`);
  expect([open.status, open.body['code']]).toEqual([409, 'statement-not-ready']);
  const early = await alice.get(`/v1/accounts/${account?.id}/statements/2001-01`);
  expect([early.status, early.body['code']]).toEqual([404, 'statement-not-found']);
});

test('a standing order is made, skipped, paused, resumed and cancelled', async ({ openAs, ledgerAs }) => {
  const bob = await ledgerAs('bob');
  const page = await openAs('bob', '/standing-orders?create=true');
  await page.getByText('Someone new', { exact: true }).click();
  const alice = await ledgerAs('alice');
  const [to] = (await alice.get('/v1/accounts')).body['data'] as { iban: string }[];
  await page.getByLabel('Name', { exact: true }).fill('Alice Jansen');
  await page.getByLabel('IBAN', { exact: true }).fill(to?.iban ?? '');
  await page.getByLabel(/^Amount in/).fill('15');
  const reference = `Order ${crypto.randomUUID().slice(0, 8)}`;
  await page.getByLabel('Reference', { exact: true }).fill(reference);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Is this right?' }).waitFor();
  await page.getByRole('button', { name: 'Make the standing order' }).dblclick();
  await expect(page.getByRole('heading', { name: 'The standing order is made' })).toBeVisible();

  const orders = (await bob.get('/v1/standing-orders')).body['data'] as { id: string; reference: string }[];
  const made = orders.filter((order) => order.reference === reference);
  expect(made).toHaveLength(1);
  const read = async () => (await bob.get(`/v1/standing-orders/${made[0]?.id}`)).body;
  const firstDate = String((await read())['nextDate']);
  await page.getByRole('link', { name: 'See the standing order' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('It is paused.')).toBeVisible();
  expect((await read())['status']).toBe('paused');
  await page.getByRole('button', { name: 'Let it go on' }).click();
  await expect(page.getByText('It goes on.')).toBeVisible();
  expect((await read())['status']).toBe('active');
  await page.getByRole('button', { name: /^Leave out/ }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Leave out/ })
    .click();
  await expect(page.getByText(/is left out/)).toBeVisible();
  expect(String((await read())['nextDate']) > firstDate).toBe(true);
  await page.getByRole('button', { name: 'Cancel it for good' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel it for good' }).click();
  await expect(page.getByText('It is cancelled.')).toBeVisible();
  expect((await read())['status']).toBe('cancelled');
});
