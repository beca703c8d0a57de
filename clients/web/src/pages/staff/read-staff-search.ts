import { isValidIban, normaliseIban } from '@florin/money';
import { readSearchText } from '../../api/history-search.ts';

/** What a member of staff typed into the one search box, by what it is. */
export type StaffSearch =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'account'; readonly iban: string }
  /** Shaped like an IBAN and none: a digit is wrong, and no name looks like that. */
  | { readonly kind: 'wrong-iban' }
  | { readonly kind: 'journal'; readonly id: string }
  | { readonly kind: 'customers'; readonly q: string };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Country, two digits, and at least the eleven characters of the shortest account number there is. */
const IBAN_LIKE = /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/;

/** Tells an IBAN from the number of a transfer from words about a person. */
export function readStaffSearch(typed: string): StaffSearch {
  const q = readSearchText(typed);
  if (q === undefined) return { kind: 'nothing' };
  const iban = normaliseIban(q);
  if (isValidIban(iban)) return { kind: 'account', iban };
  if (IBAN_LIKE.test(iban)) return { kind: 'wrong-iban' };
  const id = q.toLowerCase();
  return UUID.test(id) ? { kind: 'journal', id } : { kind: 'customers', q };
}
