import type { Account } from '@florin/sdk';

/** An account for tests with this much on it, all of it available. */
export function account(fields: Partial<Account> = {}, amount = '100.00'): Account {
  const currency = fields.currency ?? 'EUR';
  const money = { amount, currency };
  return {
    id: '0190a0a0-0000-7000-8000-00000000000a',
    iban: 'NL91ABNA0417164300',
    name: 'Everyday',
    product: 'current-eur',
    currency,
    status: 'active',
    balance: { posted: money, available: money, held: { amount: '0.00', currency }, version: 1 },
    dailyLimit: { amount: '10000.00', currency },
    openedAt: '2026-07-24T09:00:00.000Z',
    ...fields,
  };
}
