import type { StandingOrder } from '../domain/standing-order.ts';

/** A monthly order of alice from a 31st, with its next date in April, and what a test wants different. */
export function orderWith(more: Partial<StandingOrder>): StandingOrder {
  return {
    id: 'o',
    owner: 'alice',
    fromAccountId: 'a',
    toAccountId: 'b',
    toIban: 'NL00FLRN0000000002',
    payeeName: 'Landlord',
    amountMinor: 95_000n,
    currency: 'EUR',
    reference: 'rent',
    createdAtMs: 0,
    frequency: 'monthly',
    startDate: '2025-10-31',
    endDate: null,
    status: 'active',
    pausedBecause: null,
    nextDate: '2026-04-30',
    attempts: 0,
    tryOn: '2026-04-30',
    transferId: null,
    version: 4,
    ...more,
  };
}
