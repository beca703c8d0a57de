/** As short as the bank takes a reason, and as long. */
export const REASON_LENGTH_MIN = 3;
export const REASON_LENGTH_MAX = 500;

/** The bank keeps reasons as one line: line breaks and other control characters become spaces. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
}
