import { parseSignedMoney } from '@florin/money';
import type { Category } from '@florin/sdk';
import { type HistorySearch, isCalendarDate } from '../../api/history-search.ts';
import { readTypedAmount } from '../../format/money.ts';
import { type DayRange, type Preset, presetDays, presetOf } from './periods.ts';

/** The filters as the fields of a form hold them: text, empty where nothing is chosen. */
export interface FilterValues {
  readonly direction: '' | 'in' | 'out';
  readonly category: '' | Category;
  readonly period: Period;
  readonly from: string;
  readonly to: string;
  readonly least: string;
  readonly most: string;
}

export type Period = 'any' | Preset | 'custom';

/** What the form is to be checked and read against. */
export interface FilterContext {
  /** The day in the bank's calendar. */
  readonly today: string;
  readonly currency: string;
  /** How many digits amounts of the currency have after the point. */
  readonly digits: number;
}

export type FilterProblem = 'dateInvalid' | 'datesCrossed' | 'amountInvalid' | 'amountsCrossed';

/** The fields of a search. */
export function valuesOf(search: HistorySearch, today: string): FilterValues {
  return {
    direction: search.direction ?? '',
    category: search.category ?? '',
    period: periodOf(search, today),
    from: search.from ?? '',
    to: search.to ?? '',
    least: search.minAmount ?? '',
    most: search.maxAmount ?? '',
  };
}

function periodOf({ from, to }: HistorySearch, today: string): Period {
  if (from === undefined && to === undefined) return 'any';
  return presetOf(present(from, to), today) ?? 'custom';
}

/** The search that fields without a problem mean. What is looked for in words stays as it is. */
export function searchOf(values: FilterValues, q: string | undefined, context: FilterContext): HistorySearch {
  const { from, to } = daysOf(values, context.today);
  const minAmount = readTypedAmount(values.least, context.digits);
  const maxAmount = readTypedAmount(values.most, context.digits);
  return {
    ...(q === undefined ? {} : { q }),
    ...(values.direction === '' ? {} : { direction: values.direction }),
    ...(values.category === '' ? {} : { category: values.category }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(minAmount === undefined ? {} : { minAmount }),
    ...(maxAmount === undefined ? {} : { maxAmount }),
  };
}

function daysOf({ period, from, to }: FilterValues, today: string): DayRange {
  if (period === 'any') return {};
  if (period !== 'custom') return presetDays(period, today);
  return present(from === '' ? undefined : from, to === '' ? undefined : to);
}

function present(from: string | undefined, to: string | undefined): DayRange {
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** What is wrong with the first day, or the last one. Days that are not asked for are not looked at. */
export function dayProblem(field: 'from' | 'to', { period, from, to }: FilterValues): FilterProblem | undefined {
  if (period !== 'custom') return undefined;
  const day = field === 'from' ? from : to;
  if (day !== '' && !isCalendarDate(day)) return 'dateInvalid';
  return field === 'to' && from !== '' && to !== '' && to < from ? 'datesCrossed' : undefined;
}

/** What is wrong with the smallest amount, or the largest one. */
export function amountProblem(
  field: 'least' | 'most',
  { least, most }: FilterValues,
  context: FilterContext,
): FilterProblem | undefined {
  const typed = field === 'least' ? least : most;
  if (typed.trim() === '') return undefined;
  const amount = minorOf(typed, context);
  if (amount === undefined) return 'amountInvalid';
  if (field === 'least' || least.trim() === '') return undefined;
  const smallest = minorOf(least, context);
  return smallest !== undefined && amount < smallest ? 'amountsCrossed' : undefined;
}

/** In minor units, when it is an amount and one that the bank would look for. */
function minorOf(typed: string, { currency, digits }: FilterContext): bigint | undefined {
  const amount = readTypedAmount(typed, digits);
  const parsed = amount === undefined ? undefined : parseSignedMoney({ amount, currency });
  return parsed?.ok ? parsed.value.amountMinor : undefined;
}
