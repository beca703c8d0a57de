import { isValidIban, normaliseIban } from '@florin/money';
import type { Journal } from '@florin/sdk';
import { isCalendarDate, readSearchText, textOf } from './history-search.ts';

/** What journals are searched for; also the search part of the page's address, so it survives reload and sharing. */
export interface JournalSearch {
  /** Either side, without spaces. */
  readonly iban?: string;
  readonly kind?: Journal['kind'];
  readonly from?: string;
  readonly to?: string;
  /** Part of the reference. */
  readonly q?: string;
}

/** A record, so that the compiler misses a kind that is not listed. */
const KNOWN_KINDS: Readonly<Record<Journal['kind'], true>> = {
  transfer: true,
  deposit: true,
  withdrawal: true,
  fee: true,
  capture: true,
  reversal: true,
};

/** Every kind of journal, in the order they are offered. */
export const JOURNAL_KINDS = Object.keys(KNOWN_KINDS) as readonly Journal['kind'][];

/** Reads the search part of an address; what makes no sense is left out rather than asked for. */
export function readJournalSearch(raw: Readonly<Record<string, unknown>>): JournalSearch {
  const iban = normaliseIban(textOf(raw['iban']));
  const kind = JOURNAL_KINDS.find((one) => one === raw['kind']);
  const [from, to, q] = [textOf(raw['from']), textOf(raw['to']), readSearchText(textOf(raw['q']))];
  return {
    ...(isValidIban(iban) ? { iban } : {}),
    ...(kind === undefined ? {} : { kind }),
    ...(isCalendarDate(from) ? { from } : {}),
    ...(isCalendarDate(to) ? { to } : {}),
    ...(q === undefined ? {} : { q }),
  };
}
