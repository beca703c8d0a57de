import { describe, expect, it } from 'vitest';
import { accountWith, payeeWith } from '../testing/ledger-states.ts';
import { orderWith } from '../testing/standing-order-states.ts';
import { checkDates, decideStandingOrder, type OrderSurroundings } from './decide-standing-order.ts';
import type { StandingOrderTerms } from './standing-order.ts';

const FINE: OrderSurroundings = { payer: accountWith(), payee: payeeWith(), open: 0, openMax: 100 };

describe('a new order', () => {
  it.each<[string, Partial<OrderSurroundings>, Partial<StandingOrderTerms>, string]>([
    ['that is fine', {}, {}, 'ok'],
    ['larger than the balance', {}, { amountMinor: 10n ** 15n }, 'ok'],
    ['as the last one allowed', { open: 99 }, {}, 'ok'],
    ['beyond the last one allowed', { open: 100 }, {}, 'too-many-standing-orders'],
    ['from an account that is not there', { payer: undefined }, {}, 'account-not-found'],
    ["from somebody else's account", { payer: accountWith({ owners: ['bob'] }) }, {}, 'account-not-found'],
    [
      "from somebody else's account that is closed",
      { payer: accountWith({ owners: ['bob'], status: 'closed' }) },
      {},
      'account-not-found',
    ],
    ['from a joint account', { payer: accountWith({ owners: ['bob', 'alice'] }) }, {}, 'ok'],
    ['from a frozen account', { payer: accountWith({ status: 'frozen' }) }, {}, 'account-not-active'],
    ['from a closed account', { payer: accountWith({ status: 'closed' }) }, {}, 'account-not-active'],
    ['to an account that is not there', { payee: undefined }, {}, 'account-not-found'],
    ['to the same account', { payee: accountWith() }, {}, 'same-account'],
    ['to a frozen account, which takes money', { payee: payeeWith({ status: 'frozen' }) }, {}, 'ok'],
    ['to an account about to close', { payee: payeeWith({ status: 'closing' }) }, {}, 'account-not-active'],
    ['to a closed account', { payee: payeeWith({ status: 'closed' }) }, {}, 'account-not-active'],
    ['in another currency than the payer', { payer: accountWith({ currency: 'USD' }) }, {}, 'currency-mismatch'],
    ['in another currency than the payee', { payee: payeeWith({ currency: 'USD' }) }, {}, 'currency-mismatch'],
    ['in a currency of neither', {}, { currency: 'JPY' }, 'currency-mismatch'],
  ])('%s', (_, surroundings, terms, expected) => {
    const decided = decideStandingOrder(orderWith(terms), { ...FINE, ...surroundings });
    expect(decided.ok ? 'ok' : decided.failure.code).toBe(expected);
  });
});

describe('the dates of a new order', () => {
  const TODAY = '2026-02-28';
  it.each([
    ['today', '2026-02-28', null, 'ok'],
    ['two years ahead', '2028-02-28', null, 'ok'],
    ['for one day', '2026-03-01', '2026-03-01', 'ok'],
    ['for ever, nearly', '2026-03-01', '9999-12-31', 'ok'],
    ['yesterday', '2026-02-27', null, 'before today'],
    ['a day more than two years ahead', '2028-02-29', null, 'more than 24 months ahead'],
    ['on a day that is not there', '2026-02-30', null, 'start date is not a day'],
    ['in a month that is not there', '2026-13-01', null, 'start date is not a day'],
    ['until a day that is not there', '2026-03-01', '2027-02-29', 'end date is not a day'],
    ['until the day before', '2026-03-02', '2026-03-01', 'before the start date'],
  ])('%s', (_, startDate, endDate, expected) => {
    const checked = checkDates({ startDate, endDate }, TODAY);
    if (checked.ok) expect('ok').toBe(expected);
    else {
      expect(checked.failure.code).toBe('invalid-date');
      expect(checked.failure.detail).toContain(expected);
    }
  });
});
