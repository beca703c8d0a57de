import type { Category } from '@florin/sdk';

/** What a history is searched for; also the search part of the page's address, so it survives reload and sharing. */
export interface HistorySearch {
  readonly q?: string;
  readonly direction?: 'in' | 'out';
  readonly category?: Category;
  readonly from?: string;
  readonly to?: string;
  readonly minAmount?: string;
  readonly maxAmount?: string;
}

/** As many characters as the bank looks for at once. */
export const SEARCH_TEXT_LENGTH_MAX = 100;

/** A record, so that the compiler misses a category that is not listed. */
const KNOWN_CATEGORIES: Readonly<Record<Category, true>> = {
  income: true,
  housing: true,
  utilities: true,
  groceries: true,
  'eating-out': true,
  transport: true,
  shopping: true,
  leisure: true,
  health: true,
  insurance: true,
  savings: true,
  cash: true,
  fees: true,
  transfer: true,
  other: true,
};

/** Every category a line may have, in the order they are offered. */
export const CATEGORIES = Object.keys(KNOWN_CATEGORIES) as readonly Category[];

const CONTROL_CHARACTERS = /[\p{Cc}\u2028\u2029]/gu;
const DECIMAL = /^(0|[1-9]\d{0,15})(\.\d{1,4})?$/;
const CALENDAR_DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Reads the search part of an address. Addresses are typed, cut and shared by people: what makes no sense is left out
 * rather than asked for.
 */
export function readHistorySearch(raw: Readonly<Record<string, unknown>>): HistorySearch {
  const category = CATEGORIES.find((one) => one === raw['category']);
  const direction = raw['direction'] === 'in' || raw['direction'] === 'out' ? raw['direction'] : undefined;
  return present({
    q: readSearchText(textOf(raw['q'])),
    direction,
    category,
    from: matching(textOf(raw['from']), isCalendarDate),
    to: matching(textOf(raw['to']), isCalendarDate),
    minAmount: matching(textOf(raw['minAmount']), (text) => DECIMAL.test(text)),
    maxAmount: matching(textOf(raw['maxAmount']), (text) => DECIMAL.test(text)),
  });
}

/** What somebody typed into the search box as the bank takes it; undefined when there is nothing to look for. */
export function readSearchText(typed: string): string | undefined {
  const text = typed.replaceAll(CONTROL_CHARACTERS, ' ').trim().slice(0, SEARCH_TEXT_LENGTH_MAX).trim();
  return text === '' ? undefined : text;
}

/** The search without some of its parts. */
export function withoutParts(search: HistorySearch, parts: readonly (keyof HistorySearch)[]): HistorySearch {
  const left = Object.entries(search).filter(([part]) => !parts.some((one) => one === part));
  return Object.fromEntries(left);
}

/** Whether a text is a day that the calendar has, YYYY-MM-DD. */
export function isCalendarDate(text: string): boolean {
  if (!CALENDAR_DATE.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** The router reads `q=42` as a number, which is a text all the same. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function matching(text: string, isFine: (text: string) => boolean): string | undefined {
  return isFine(text) ? text : undefined;
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** The fields that are there; an address does not show the others. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
