import type { Posting } from '@florin/sdk';

/** A line of a history for tests; what a test is about, it says itself. */
export function posting(fields: Partial<Posting> = {}): Posting {
  return {
    id: '0190a0a0-0000-7000-8000-000000000001:debit',
    journalId: '0190a0a0-0000-7000-8000-000000000001',
    transferId: '0190a0a0-0000-7000-8000-000000000001',
    kind: 'transfer',
    amount: { amount: '-12.50', currency: 'EUR' },
    balanceAfter: { amount: '87.50', currency: 'EUR' },
    bookedAt: '2026-11-24T13:05:00.000Z',
    valueDate: '2026-11-24',
    counterparty: { iban: 'NL91ABNA0417164300', name: 'Groene Markt' },
    reference: 'Groceries',
    category: 'groceries',
    ...fields,
  };
}
