import { type FakeClock, fakeClock } from '@florin/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { PayeeChecks } from './payee-checks.ts';

const MINUTE_MS = 60_000;
let clock: FakeClock;
let checks: PayeeChecks;

beforeEach(() => {
  clock = fakeClock(Date.parse('2026-03-10T12:00:00Z'));
  checks = new PayeeChecks(clock);
});

/** Asks once; answers whether it was let through, or after how many seconds it may come again. */
function ask(isRight: boolean, customer = 'alice'): true | number {
  const check = checks.begin(customer);
  if (!check.ok) return check.failure.retryAfterSeconds;
  if (isRight) check.value.wasRight();
  return true;
}

describe('in any hour a customer may ask', () => {
  it('thirty times when they are right, and again when the first is an hour ago', () => {
    for (let count = 0; count < 30; count += 1) {
      expect(ask(true)).toBe(true);
      clock.advance(MINUTE_MS);
    }
    expect(ask(true)).toBe(30 * 60);
    clock.advance(30 * MINUTE_MS - 1);
    expect(ask(true)).toBe(1);
    clock.advance(1);
    expect([ask(true), ask(true)]).toEqual([true, 60]);
  });

  it('ten times when they are wrong, whatever they got right between', () => {
    for (let count = 0; count < 10; count += 1) {
      expect([ask(true), ask(false)]).toEqual([true, true]);
      clock.advance(MINUTE_MS);
    }
    expect(ask(true)).toBe(50 * 60);
    clock.advance(50 * MINUTE_MS);
    expect(ask(false)).toBe(true);
  });

  it('as often as that when they ask all at once, before any answer', () => {
    const begun = Array.from({ length: 50 }, () => checks.begin('alice'));
    expect(begun.filter((check) => check.ok)).toHaveLength(10);
  });
});

it('customers do not count for one another, and a refusal costs nothing', () => {
  for (let count = 0; count < 40; count += 1) ask(false, 'mallory');
  expect(ask(false, 'alice')).toBe(true);
  clock.advance(60 * MINUTE_MS);
  expect(ask(false, 'mallory')).toBe(true);
});

it('forgets whoever asked longest ago rather than grow', () => {
  for (let count = 0; count < 10; count += 1) ask(false, 'first');
  expect(ask(false, 'first')).toBeTypeOf('number');
  for (let count = 0; count < 10_000; count += 1) ask(true, `customer ${count}`);
  expect(ask(false, 'first')).toBe(true);
});
