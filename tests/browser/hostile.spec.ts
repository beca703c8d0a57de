import { bankUrl, expect, test } from './bank.ts';
import { expectWellMade, settled } from './page-checks.ts';

const HOSTILE = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  "=cmd|'/C calc'!A0",
  'ex\u202egpj.exe',
  '{{constructor.constructor("alert(1)")()}}',
  'x'.repeat(140),
  '😀'.repeat(35),
];

test('hostile references stay text, on the page and in the files', async ({ openAs, ledgerAs }) => {
  const [alice, bob] = await Promise.all([ledgerAs('alice'), ledgerAs('bob')]);
  const first = async (client: typeof alice) =>
    ((await client.get('/v1/accounts')).body['data'] as { id: string; iban: string }[])[0];
  const [from, to] = await Promise.all([first(bob), first(alice)]);
  for (const reference of HOSTILE) {
    const { status } = await bob.post('/v1/transfers', {
      fromAccountId: from?.id,
      toIban: to?.iban,
      amount: { amount: '0.01', currency: 'EUR' },
      reference,
    });
    // What can not be shown may be refused; what is taken must be harmless.
    expect([201, 400]).toContain(status);
  }
  const page = await openAs('alice', `/accounts/${to?.id}`);
  page.on('dialog', () => {
    throw new Error('a reference ran');
  });
  await settled(page);
  await expect(page.getByText('<img src=x onerror=alert(1)>').first()).toBeVisible();
  await expectWellMade(page);

  const csv = await page.request.get(`${bankUrl()}/v1/accounts/${to?.id}/transactions/export`, {
    headers: { accept: 'text/csv' },
  });
  expect(csv.status()).toBe(200);
  const text = await csv.text();
  expect(text).toContain("'=cmd|");
  expect(text).not.toMatch(/(^|,)"?[=+@]/m);
});
