import { isValidIban, normaliseIban } from '@florin/money';
import { type HistorySearch, readHistorySearch, textOf } from './history-search.ts';

// The search parts of the console's addresses. What makes no sense is left out rather than asked for.

/** What the history of the account is searched for, and its IBAN for those who may look it up by that alone. */
export interface StaffAccountSearch extends HistorySearch {
  readonly iban?: string;
}

export function readStaffAccountSearch(raw: Readonly<Record<string, unknown>>): StaffAccountSearch {
  return { ...readHistorySearch(raw), ...ibanPart('iban', raw['iban']) };
}

export interface CashSearch {
  /** The IBAN of the account that money is handed in for or taken from. */
  readonly account?: string;
  readonly kind?: 'deposit' | 'withdrawal';
}

export function readCashSearch(raw: Readonly<Record<string, unknown>>): CashSearch {
  const kind = raw['kind'];
  return {
    ...ibanPart('account', raw['account']),
    ...(kind === 'deposit' || kind === 'withdrawal' ? { kind } : {}),
  };
}

function ibanPart<Name extends string>(name: Name, value: unknown): { readonly [Key in Name]?: string } {
  const iban = normaliseIban(textOf(value));
  return (isValidIban(iban) ? { [name]: iban } : {}) as { readonly [Key in Name]?: string };
}
