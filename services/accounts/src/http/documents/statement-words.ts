import { CURRENCIES, formatMoney } from '@florin/money';
import type { IsoDate } from '@florin/primitives';
import type { Month } from '../../domain/month.ts';

// Written out here and not by `Intl`, whose words change with the version of the run time: a statement has the same
// bytes for ever.

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const ABBREVIATION_LENGTH = 3;
const MINUS = '\u2212';

/** `2026-10` is October 2026. */
export function monthName(month: Month): string {
  const [year, number] = month.split('-');
  return `${MONTHS[Number(number) - 1]} ${year}`;
}

/** `2026-10-05` is 05 Oct 2026, all days equally wide. */
export function showDate(date: IsoDate): string {
  const [year, month, day] = date.split('-');
  return `${day} ${MONTHS[Number(month) - 1]?.slice(0, ABBREVIATION_LENGTH)} ${year}`;
}

/** The days of a statement: 12 to 31 October 2026. */
export function showPeriod(from: IsoDate, to: IsoDate): string {
  return `${Number(from.slice(8))} to ${Number(to.slice(8))} ${monthName(to.slice(0, 7))}`;
}

/** Minor units for the eye: 1,234.50, with a minus, and a plus where the sign says which way money went. */
export function showAmount(minor: bigint, currency: string, sign: 'signed' | 'plain' = 'plain'): string {
  const { amount } = formatMoney(minor < 0n ? -minor : minor, currency);
  const [whole = '', fraction] = amount.split('.');
  const grouped = whole.replace(/\d(?=(\d{3})+$)/g, '$&,');
  const shown = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  if (minor < 0n) return `${MINUS}${shown}`;
  return sign === 'signed' && minor > 0n ? `+${shown}` : shown;
}

/** `EUR, Euro`. */
export function showCurrency(code: string): string {
  const name = CURRENCIES.get(code)?.name;
  return name === undefined ? code : `${name} (${code})`;
}
