import { canonicalEmail } from './login-name.ts';
import { nameWords } from './name-words.ts';

/** What staff look for, by what they typed. */
export type CustomerSearch =
  | { readonly kind: 'all' }
  /** `email` is undefined when what was typed cannot be anybody's address. */
  | { readonly kind: 'address'; readonly email: string | undefined }
  /** A name that has all of these words. */
  | { readonly kind: 'name'; readonly words: readonly string[] };

/** Where a customer stands in the list: to the microsecond that the database knows, and the id for those of one. */
export interface CustomerPlace {
  readonly registeredAtMicros: bigint;
  readonly id: string;
}

/** Reads a search: a text with an `@` is an address, any other is words of a name, none is everybody. */
export function readCustomerSearch(text: string | undefined): CustomerSearch {
  if (text === undefined) return { kind: 'all' };
  if (text.normalize('NFKC').includes('@')) return { kind: 'address', email: canonicalEmail(text) };
  return { kind: 'name', words: nameWords(text) };
}

/** An address that can be recognised but not read off: its first character and its domain. */
export function maskEmail(email: string): string {
  const [first = ''] = email;
  return `${first}•••${email.slice(email.lastIndexOf('@'))}`;
}
