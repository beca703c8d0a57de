import { describe, expect, it } from 'vitest';
import { accountOf, IBANS, payeeOf } from '../../payment/people.fixture.ts';
import type { Payment } from '../../payment/read-payment.ts';
import { freshSchedule, orderCommand, readSchedule } from './order-draft.ts';
import { readOrdersSearch } from './orders-search.ts';

const TODAY = '2026-11-26';
const [MINE, BOB] = IBANS;

it('begins every month, with the first of the next one', () => {
  expect(freshSchedule(TODAY)).toEqual({ frequency: 'monthly', startDate: '2026-12-01', endDate: '' });
  expect(freshSchedule('2026-12-31').startDate).toBe('2027-01-01');
});

describe('readSchedule', () => {
  const read = (startDate: string, endDate = '') => readSchedule({ frequency: 'monthly', startDate, endDate }, TODAY);

  it('takes today, two years from now, and an end on the day of the start', () => {
    expect(read(TODAY)).toEqual({ schedule: { frequency: 'monthly', startDate: TODAY, endDate: null } });
    expect(read('2028-11-26')).toHaveProperty('schedule');
    expect(read(TODAY, TODAY)).toEqual({ schedule: { frequency: 'monthly', startDate: TODAY, endDate: TODAY } });
  });

  it.each([
    ['', '', { startDate: 'startMissing' }],
    ['2026-02-30', '', { startDate: 'startMissing' }],
    ['2026-11-25', '', { startDate: 'startPast' }],
    ['2028-11-27', '', { startDate: 'startTooFar' }],
    [TODAY, '2026-11-25', { endDate: 'endBeforeStart' }],
    [TODAY, '2026-02-30', { endDate: 'endInvalid' }],
  ])('says what is wrong with %j to %j', (start, end, errors) => {
    expect(read(start, end)).toEqual({ errors });
  });
});

describe('orderCommand', () => {
  const from = accountOf('everyday', MINE);
  const amount = { amount: '985.00', currency: 'EUR' };
  const payment: Payment = { from, recipient: { kind: 'new', name: 'Bob', iban: BOB }, amount, reference: 'Rent' };
  const schedule = { frequency: 'monthly', startDate: TODAY, endDate: null } as const;

  it('asks for what was typed, without an end where there is none', () => {
    expect(orderCommand(payment, 'match', schedule, { accounts: [from], payees: [] })).toEqual({
      body: {
        fromAccountId: 'everyday',
        toIban: BOB,
        payeeName: 'Bob',
        amount,
        reference: 'Rent',
        frequency: 'monthly',
        startDate: TODAY,
      },
      fromName: 'everyday',
      standing: 'match',
      isNew: true,
    });
  });

  it('knows who is kept already', () => {
    const command = orderCommand(
      payment,
      'match',
      { ...schedule, endDate: '2027-01-01' },
      {
        accounts: [from],
        payees: [payeeOf('bob', BOB)],
      },
    );
    expect(command).toMatchObject({ isNew: false, body: { endDate: '2027-01-01' } });
  });
});

it('fills in a new order only where one is asked for', () => {
  expect(readOrdersSearch({ create: true, amount: '5' })).toEqual({ create: true, amount: '5' });
  expect(readOrdersSearch({ amount: '5' })).toEqual({});
  for (const create of ['true', 1, [true], { create: true }]) expect(readOrdersSearch({ create })).toEqual({});
});
