import { describe, expect, it } from 'vitest';
import { orderWith } from '../testing/standing-order-states.ts';
import {
  afterPayment,
  beginOrder,
  type Change,
  cancelOrder,
  type Payment,
  pauseOrder,
  RETRY_DATES,
  resumeOrder,
  type StandingOrder,
  type StandingOrderFailure,
  skipDate,
  upcomingDate,
  verdictOn,
} from './standing-order.ts';

const PAID: Payment = { isPaid: true, transferId: 't' };
const SHORT: Payment = { isPaid: false, code: 'insufficient-funds', verdict: 'short' };
const STUCK: Payment = { isPaid: false, code: 'account-not-found', verdict: 'stuck' };
const MISSED: Payment = { isPaid: false, code: 'balance-limit-exceeded', verdict: 'missed' };

/** What a change comes to, in words. */
function wordsOf({ order, execution }: Change): string {
  const state = `${order.status}${order.pausedBecause === null ? '' : ` ${order.pausedBecause}`}`;
  const next = order.nextDate === null ? 'none' : `${order.nextDate} on ${order.tryOn} after ${order.attempts}`;
  const done = execution === null ? '' : `${execution.outcome} ${execution.dueDate} #${execution.attempt}; `;
  return `${done}${state}; ${next}`;
}

function wordsOrCode(result: { ok: true; value: Change } | { ok: false; failure: StandingOrderFailure }): string {
  return result.ok ? wordsOf(result.value) : result.failure.code;
}

describe('an order', () => {
  it('begins active, with its start date', () => {
    const order = beginOrder(orderWith({ startDate: '2026-04-30' }));
    expect(wordsOf({ order, execution: null })).toBe('active; 2026-04-30 on 2026-04-30 after 0');
  });

  it.each<[string, Partial<StandingOrder>, Payment, string, string]>([
    ['paid', {}, PAID, '2026-03-31', 'completed 2026-03-31 #1; active; 2026-04-30 on 2026-04-30 after 0'],
    ['paid late', {}, PAID, '2026-07-01', 'completed 2026-03-31 #1; active; 2026-04-30 on 2026-04-30 after 0'],
    [
      'paid at last',
      { attempts: 2 },
      PAID,
      '2026-04-02',
      'completed 2026-03-31 #3; active; 2026-04-30 on 2026-04-30 after 0',
    ],
    ['paid for the last time', { endDate: '2026-04-29' }, PAID, '2026-03-31', 'completed 2026-03-31 #1; ended; none'],
    ['short of funds', {}, SHORT, '2026-03-31', 'will-retry 2026-03-31 #1; active; 2026-03-31 on 2026-04-01 after 1'],
    [
      'short again',
      { attempts: 1 },
      SHORT,
      '2026-04-01',
      'will-retry 2026-03-31 #2; active; 2026-03-31 on 2026-04-02 after 2',
    ],
    [
      'short a third time',
      { attempts: 2 },
      SHORT,
      '2026-04-02',
      'will-retry 2026-03-31 #3; active; 2026-03-31 on 2026-04-03 after 3',
    ],
    [
      'short to the end',
      { attempts: 3 },
      SHORT,
      '2026-04-03',
      'failed 2026-03-31 #4; active; 2026-04-30 on 2026-04-30 after 0',
    ],
    [
      'short when it is long overdue',
      {},
      SHORT,
      '2026-07-01',
      'failed 2026-03-31 #1; active; 2026-04-30 on 2026-04-30 after 0',
    ],
    [
      'short at its end',
      { attempts: 3, endDate: '2026-04-01' },
      SHORT,
      '2026-04-03',
      'failed 2026-03-31 #4; ended; none',
    ],
    [
      'refused for this date',
      {},
      MISSED,
      '2026-03-31',
      'failed 2026-03-31 #1; active; 2026-04-30 on 2026-04-30 after 0',
    ],
    [
      'stuck',
      {},
      STUCK,
      '2026-03-31',
      'failed 2026-03-31 #1; paused account-not-found; 2026-04-30 on 2026-04-30 after 0',
    ],
    ['stuck at its end', { endDate: '2026-04-01' }, STUCK, '2026-03-31', 'failed 2026-03-31 #1; ended; none'],
  ])('that was %s', (_, more, payment, today, expected) => {
    const order = orderWith({ nextDate: '2026-03-31', tryOn: '2026-03-31', ...more });
    const change = afterPayment(order, payment, today);
    expect(wordsOf(change)).toBe(expected);
    expect([change.order.version, change.order.transferId]).toEqual([order.version + 1, null]);
  });

  it('is tried on its date and on three more, whatever happens', () => {
    let order = orderWith({ nextDate: '2026-03-31', tryOn: '2026-03-31' });
    const outcomes: (string | undefined)[] = [];
    while (order.nextDate === '2026-03-31') {
      const change = afterPayment(order, SHORT, order.tryOn ?? '');
      outcomes.push(change.execution?.outcome);
      order = change.order;
    }
    expect(outcomes).toEqual([...Array.from({ length: RETRY_DATES }, () => 'will-retry'), 'failed']);
  });
});

describe('a refusal', () => {
  it.each([
    ['insufficient-funds', ['active', 'active'], 'short'],
    ['daily-limit-exceeded', ['active', 'active'], 'short'],
    ['account-not-active', ['frozen', 'active'], 'short'],
    // The freeze was lifted since.
    ['account-not-active', ['active', 'active'], 'short'],
    ['account-not-active', ['frozen', 'closed'], 'stuck'],
    ['account-not-active', ['closed', 'active'], 'stuck'],
    ['account-not-active', ['active', 'closing'], 'stuck'],
    ['account-not-found', ['active', 'active'], 'stuck'],
    ['account-not-found', [], 'stuck'],
    ['currency-mismatch', ['active', 'active'], 'stuck'],
    ['balance-limit-exceeded', ['active', 'active'], 'missed'],
  ] as const)('%s between accounts that are %j is %s', (code, statuses, verdict) => {
    expect(verdictOn(code, statuses)).toBe(verdict);
  });
});

const TODAY = '2026-04-10';

describe('what an owner does', () => {
  it.each<[string, Partial<StandingOrder>, (order: StandingOrder) => ReturnType<typeof pauseOrder>, string]>([
    ['pauses', {}, pauseOrder, 'paused by-owner; 2026-04-30 on 2026-04-30 after 0'],
    [
      'pauses while a date waits for funds',
      { nextDate: '2026-03-31', tryOn: '2026-04-01', attempts: 1 },
      pauseOrder,
      'skipped 2026-03-31 #2; paused by-owner; 2026-04-30 on 2026-04-30 after 0',
    ],
    [
      'pauses while the last date waits for funds',
      { nextDate: '2026-03-31', attempts: 1, endDate: '2026-04-01' },
      pauseOrder,
      'skipped 2026-03-31 #2; ended; none',
    ],
    [
      'resumes',
      { status: 'paused', pausedBecause: 'by-owner' },
      (order) => resumeOrder(order, TODAY),
      'active; 2026-04-30 on 2026-04-30 after 0',
    ],
    [
      'resumes on a date',
      { status: 'paused', pausedBecause: 'by-owner', nextDate: '2026-02-28' },
      (order) => resumeOrder(order, '2026-03-31'),
      'active; 2026-03-31 on 2026-03-31 after 0',
    ],
    [
      'resumes after dates have passed',
      { status: 'paused', pausedBecause: 'account-not-active', nextDate: '2025-12-31' },
      (order) => resumeOrder(order, TODAY),
      'active; 2026-04-30 on 2026-04-30 after 0',
    ],
    [
      'resumes after the last date has passed',
      { status: 'paused', pausedBecause: 'by-owner', nextDate: '2026-02-28', endDate: '2026-03-31' },
      (order) => resumeOrder(order, TODAY),
      'ended; none',
    ],
    [
      'skips the next date',
      {},
      (order) => skipDate(order, '2026-04-30', TODAY),
      'skipped 2026-04-30 #1; active; 2026-05-31 on 2026-05-31 after 0',
    ],
    ['skips another date', {}, (order) => skipDate(order, '2026-05-31', TODAY), 'not-the-next-date'],
    ['skips the date before', {}, (order) => skipDate(order, '2026-03-31', TODAY), 'not-the-next-date'],
    [
      'skips a date that waits for funds',
      { nextDate: '2026-03-31', tryOn: '2026-04-02', attempts: 2 },
      (order) => skipDate(order, '2026-03-31', TODAY),
      'skipped 2026-03-31 #3; active; 2026-04-30 on 2026-04-30 after 0',
    ],
    [
      'skips the last date',
      { endDate: '2026-04-30' },
      (order) => skipDate(order, '2026-04-30', TODAY),
      'skipped 2026-04-30 #1; ended; none',
    ],
    [
      'skips a date of a paused order',
      { status: 'paused', pausedBecause: 'by-owner', nextDate: '2026-02-28' },
      (order) => skipDate(order, '2026-04-30', TODAY),
      'skipped 2026-04-30 #1; paused by-owner; 2026-05-31 on 2026-05-31 after 0',
    ],
    [
      'skips a date that a paused order missed',
      { status: 'paused', pausedBecause: 'by-owner', nextDate: '2026-02-28' },
      (order) => skipDate(order, '2026-02-28', TODAY),
      'not-the-next-date',
    ],
  ])('%s', (_, more, act, expected) => {
    expect(wordsOrCode(act(orderWith({ nextDate: '2026-04-30', tryOn: '2026-04-30', ...more })))).toBe(expected);
  });

  it('cancels for good, and gives up a date that waits for funds', () => {
    expect(wordsOf(cancelOrder(orderWith({})))).toBe('cancelled; none');
    expect(wordsOf(cancelOrder(orderWith({ nextDate: '2026-03-31', attempts: 1 })))).toBe(
      'skipped 2026-03-31 #2; cancelled; none',
    );
    expect(wordsOf(cancelOrder(orderWith({ status: 'paused', pausedBecause: 'by-owner' })))).toBe('cancelled; none');
  });

  it('changes nothing of what is so already', () => {
    const active = orderWith({});
    const paused = orderWith({ status: 'paused', pausedBecause: 'account-not-active' });
    const over = orderWith({ status: 'ended', nextDate: null, tryOn: null });
    expect(resumeOrder(active, TODAY)).toEqual({ ok: true, value: { order: active, execution: null } });
    expect(pauseOrder(paused)).toEqual({ ok: true, value: { order: paused, execution: null } });
    expect(cancelOrder(over)).toEqual({ order: over, execution: null });
  });

  it.each(['ended', 'cancelled'] as const)('comes too late for an order that is %s', (status) => {
    const over = orderWith({ status, nextDate: null, tryOn: null });
    const results = [pauseOrder(over), resumeOrder(over, TODAY), skipDate(over, '2026-04-30', TODAY)];
    expect(results.map(wordsOrCode)).toEqual(['standing-order-over', 'standing-order-over', 'standing-order-over']);
  });
});

it('the date that comes next is the first from today on for a paused order, and stays due for an active one', () => {
  const missed = { nextDate: '2026-02-28', tryOn: '2026-02-28' };
  expect(upcomingDate(orderWith(missed), TODAY)).toBe('2026-02-28');
  expect(upcomingDate(orderWith({ ...missed, status: 'paused' }), TODAY)).toBe('2026-04-30');
  expect(upcomingDate(orderWith({ ...missed, status: 'paused', endDate: '2026-03-31' }), TODAY)).toBeNull();
  expect(upcomingDate(orderWith({ nextDate: null, tryOn: null, status: 'cancelled' }), TODAY)).toBeNull();
});
