/**
 * What has no place on paper: control characters, line separators, halves of surrogate pairs, non-characters, and the
 * controls of writing direction, with which a name could turn around the amount that stands beside it (Unicode TR 36).
 */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu;

/** Text of a customer's, as a document may show it. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, '');
}

/** At most so many characters, none of them cut in half. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  let kept = '';
  let count = 0;
  for (const character of text) {
    if (count === length) break;
    kept += character;
    count += 1;
  }
  return kept;
}

/** An IBAN as people read it, in groups of four. */
export function groupedIban(iban: string): string {
  return iban.replace(/(.{4})(?=.)/g, '$1 ');
}
