import type { Account, Payee } from '@florin/sdk';

/** An account as the bank answers it; EUR and active unless said otherwise. */
export function accountOf(id: string, iban: string, more: Partial<Account> = {}, available = '100.00'): Account {
  const currency = more.currency ?? 'EUR';
  const money = { amount: available, currency };
  return {
    id,
    iban,
    name: id,
    product: 'current-eur',
    currency,
    status: 'active',
    balance: { posted: money, available: money, held: { amount: '0.00', currency }, version: 1 },
    dailyLimit: { amount: '10000.00', currency },
    openedAt: '2026-01-01T00:00:00Z',
    ...more,
  };
}

export function payeeOf(id: string, iban: string, more: Partial<Payee> = {}): Payee {
  return {
    id,
    name: id,
    iban,
    nameCheck: 'match',
    createdAt: '2026-01-01T00:00:00Z',
    lastPaidAt: null,
    isTrusted: false,
    ...more,
  };
}

/** Valid IBANs, made up. */
export const IBANS = [
  'NL91ABNA0417164300',
  'DE89370400440532013000',
  'GB29NWBK60161331926819',
  'FR1420041010050500013M02606',
] as const;
