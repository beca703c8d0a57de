import { bankUrl, expect, signInByHand, test } from './bank.ts';
import { settled } from './page-checks.ts';

test('money that arrives shows by itself', async ({ openAs, ledgerAs }) => {
  const [alice, bob] = await Promise.all([ledgerAs('alice'), ledgerAs('bob')]);
  const first = async (client: typeof alice) =>
    ((await client.get('/v1/accounts')).body['data'] as { id: string; iban: string }[])[0];
  const [from, to] = await Promise.all([first(bob), first(alice)]);
  const page = await openAs('alice', '/');
  await settled(page);
  const reference = `Live ${crypto.randomUUID().slice(0, 8)}`;
  const sent = await bob.post('/v1/transfers', {
    fromAccountId: from?.id,
    toIban: to?.iban,
    amount: { amount: '0.42', currency: 'EUR' },
    reference,
  });
  expect(sent.status).toBe(201);
  await expect(page.getByText(reference)).toBeVisible({ timeout: 5_000 });
});

test('signing out elsewhere ends this window too', async ({ page, browser, quiet }) => {
  quiet.allow(/401/);
  // Somebody whom no other test signs in: theirs would be signed out as well.
  await page.goto(`${bankUrl()}/session/login`);
  await signInByHand(page, 'henk');
  await page.getByRole('heading', { name: /^Hello/ }).waitFor();
  const other = await browser.newContext();
  const elsewhere = await other.newPage();
  await elsewhere.goto(`${bankUrl()}/session/login?return_to=/sessions`);
  await signInByHand(elsewhere, 'henk');
  await elsewhere.getByRole('heading', { level: 1 }).waitFor();
  await elsewhere.getByRole('button', { name: 'Sign out everywhere else' }).click();
  const confirm = elsewhere.getByRole('dialog').getByRole('button', { name: /sign out/i });
  await confirm.click();
  await expect(elsewhere.getByRole('dialog')).toBeHidden();
  // Nobody touches it: the bell asks every half minute, and hears that the session is over.
  await expect(page.getByRole('dialog', { name: 'You were signed out' })).toBeVisible({ timeout: 40_000 });
  await other.close();
});
