/** One mark with exactly three digits behind it: a thousand in one place, one and a bit in another. */
const TWO_WAYS = /^(\d{1,3})[.,](\d{3})$/;

/**
 * What a typed amount may mean that `readTypedAmount` will not guess about, each as a plain decimal in the digits of the
 * currency: `1.250` in euros is 1250.00 or 1.25. Empty when it is readable, or no amount whichever way it is read.
 */
export function typedAmountReadings(text: string, digits: number): string[] {
  const [, whole, behind] = TWO_WAYS.exec(text.trim()) ?? [];
  if (whole === undefined || behind === undefined || digits >= behind.length) return [];
  const readings: string[] = [];
  if (!whole.startsWith('0')) readings.push(decimal(`${whole}${behind}`, '', digits));
  const isFraction = digits > 0 && /^0*$/.test(behind.slice(digits));
  if (isFraction) readings.push(decimal(whole, behind.slice(0, digits), digits));
  return readings;
}

function decimal(whole: string, fraction: string, digits: number): string {
  const trimmed = whole.replace(/^0+(?=\d)/, '');
  return digits === 0 ? trimmed : `${trimmed}.${fraction.padEnd(digits, '0')}`;
}
