import { fail, invariant, ok, type Result } from '@florin/primitives';
import { CURRENCIES } from './currency.ts';

/** An amount inside the bank: whole minor units (cents of a euro, yen of a yen) of an ISO 4217 currency. */
export interface Money {
  readonly amountMinor: bigint;
  readonly currency: string;
}

/** An amount on the wire: a decimal in text, never a JSON number. */
export interface WireMoney {
  readonly amount: string;
  readonly currency: string;
}

export interface MoneyFailure {
  readonly code: 'invalid-amount' | 'unknown-currency';
  /** For people; never repeats what was sent. */
  readonly detail: string;
}

/**
 * The largest amount one request may name, in minor units. Below 2^53, so parsing may count in a Number, and far
 * below 2^63, so balances of many such amounts fit a `bigint` column.
 */
export const AMOUNT_MINOR_MAX = 1_000_000_000_000_000n;
const AMOUNT_MINOR_MAX_NUMBER = Number(AMOUNT_MINOR_MAX);

const ZERO_CODE = 48;
const NINE_CODE = 57;
const POINT_CODE = 46;
const MINUS_CODE = 45;

const UNKNOWN_CURRENCY: MoneyFailure = {
  code: 'unknown-currency',
  detail: 'The currency is not an ISO 4217 code that can be booked.',
};
const NOT_A_DECIMAL: MoneyFailure = {
  code: 'invalid-amount',
  detail: 'The amount must be a plain decimal such as 125.50: no sign, exponent, space or leading zero.',
};
const TOO_MANY_DIGITS: MoneyFailure = {
  code: 'invalid-amount',
  detail: 'The amount has more digits after the point than its currency has.',
};
const TOO_LARGE: MoneyFailure = {
  code: 'invalid-amount',
  detail: 'The amount is larger than 10^15 minor units.',
};
const NOT_POSITIVE: MoneyFailure = { code: 'invalid-amount', detail: 'The amount must be more than zero.' };

/**
 * Reads a positive amount from the wire. Grammar: `(0|[1-9][0-9]*)(\.[0-9]+)?` in ASCII, with at most the currency's
 * digits after the point, more than zero and at most 10^15 minor units. Nothing is ever rounded or truncated.
 * Fails with `unknown-currency` or `invalid-amount`.
 */
export function parseMoney(wire: WireMoney): Result<Money, MoneyFailure> {
  const currency = CURRENCIES.get(wire.currency);
  if (currency === undefined) return fail(UNKNOWN_CURRENCY);
  const minor = readDecimal(wire.amount, 0, currency.exponent);
  if (typeof minor !== 'number') return fail(minor);
  if (minor === 0) return fail(NOT_POSITIVE);
  return ok({ amountMinor: BigInt(minor), currency: currency.code });
}

/**
 * Reads an amount that may be zero or negative: the same grammar with an optional leading `-`, but never `-0`.
 * Fails with `unknown-currency` or `invalid-amount`.
 */
export function parseSignedMoney(wire: WireMoney): Result<Money, MoneyFailure> {
  const currency = CURRENCIES.get(wire.currency);
  if (currency === undefined) return fail(UNKNOWN_CURRENCY);
  const isNegative = wire.amount.charCodeAt(0) === MINUS_CODE;
  const minor = readDecimal(wire.amount, isNegative ? 1 : 0, currency.exponent);
  if (typeof minor !== 'number') return fail(minor);
  if (isNegative && minor === 0) return fail(NOT_A_DECIMAL);
  return ok({ amountMinor: BigInt(isNegative ? -minor : minor), currency: currency.code });
}

/**
 * One pass over the characters, because every transfer comes through here. It counts in a Number, which is exact:
 * the count stops as soon as it passes 10^15, well below 2^53.
 */
function readDecimal(text: string, from: number, exponent: number): number | MoneyFailure {
  const { length } = text;
  const first = text.charCodeAt(from);
  if (first === ZERO_CODE && from + 1 < length && text.charCodeAt(from + 1) !== POINT_CODE) return NOT_A_DECIMAL;
  let minor = 0;
  let pointAt = -1;
  for (let index = from; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= ZERO_CODE && code <= NINE_CODE) {
      // Past the limit the digits no longer count, but the grammar is still checked to the end.
      if (minor <= AMOUNT_MINOR_MAX_NUMBER) minor = minor * 10 + (code - ZERO_CODE);
    } else if (code === POINT_CODE && pointAt === -1 && index > from) {
      pointAt = index;
    } else {
      return NOT_A_DECIMAL;
    }
  }
  if (length === from || pointAt === length - 1) return NOT_A_DECIMAL;
  const digits = pointAt === -1 ? 0 : length - 1 - pointAt;
  if (digits > exponent) return TOO_MANY_DIGITS;
  for (let missing = exponent - digits; missing > 0; missing -= 1) minor *= 10;
  return minor > AMOUNT_MINOR_MAX_NUMBER ? TOO_LARGE : minor;
}

/**
 * Writes minor units for the wire, always with exactly the currency's digits: 12550n EUR is `125.50`, -5n EUR is
 * `-0.05`, 123n JPY is `123`. An unknown currency is a broken invariant: nothing could have booked it.
 */
export function formatMoney(amountMinor: bigint, currency: string): WireMoney {
  const known = CURRENCIES.get(currency);
  invariant(known !== undefined, 'money in an unknown currency');
  const { exponent } = known;
  const text = amountMinor.toString();
  if (exponent === 0) return { amount: text, currency };
  const isNegative = text.charCodeAt(0) === MINUS_CODE;
  const digits = isNegative ? text.slice(1) : text;
  const padded = digits.length > exponent ? digits : digits.padStart(exponent + 1, '0');
  const cut = padded.length - exponent;
  return { amount: `${isNegative ? '-' : ''}${padded.slice(0, cut)}.${padded.slice(cut)}`, currency };
}
