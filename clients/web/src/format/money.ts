import type { Money } from '@florin/sdk';

/** `Intl` takes a decimal as text and never rounds it through a double (ECMA-402, NumberFormat v3). */
type DecimalText = `${number}`;

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(locale: string, currency: string, digits: number, sign: 'auto' | 'always'): Intl.NumberFormat {
  const key = `${locale} ${currency} ${digits} ${sign}`;
  let known = formatters.get(key);
  if (known === undefined) {
    known = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
      signDisplay: sign === 'always' ? 'exceptZero' : 'auto',
    });
    formatters.set(key, known);
  }
  return known;
}

/**
 * An amount for people, in their language: `€1,250.00`, `¥1,234`, `KWD 1.500`. The digits after the point are those the
 * bank sent (ISO 4217), not those `Intl` believes. `sign: 'always'` shows a plus on what came in.
 */
export function formatMoney(money: Money, locale: string, sign: 'auto' | 'always' = 'auto'): string {
  const digits = money.amount.split('.')[1]?.length ?? 0;
  return formatter(locale, money.currency, digits, sign).format(money.amount as DecimalText);
}

/** Whether an amount is negative, positive or nothing; read from the text, so that no size is too large. */
export function signOf(money: Money): 'in' | 'out' | 'none' {
  if (/^-?0*(\.0*)?$/.test(money.amount)) return 'none';
  return money.amount.startsWith('-') ? 'out' : 'in';
}

/** The amount without its sign. */
export function magnitude(money: Money): Money {
  return money.amount.startsWith('-') ? { ...money, amount: money.amount.slice(1) } : money;
}

/**
 * What a person typed as an amount, as the wire takes it: `1,250.5` and `1.250,50` are both `1250.50`. The last comma or
 * point with at most the currency's digits behind it is the decimal one. Undefined when it is no amount; nothing is rounded.
 */
export function readTypedAmount(text: string, digits: number): string | undefined {
  const compact = text.replaceAll(/[\s\u00a0\u202f']/g, '');
  const match = /^(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](\d+))?$/.exec(compact);
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  // `1.250` is a thousand in one place and one and a quarter in another: with three digits behind one mark we do not
  // guess unless the currency has three.
  const isAmbiguous = fraction === '' && /^\d{1,3}[.,]\d{3}$/.test(compact);
  if (isAmbiguous && digits === 3) return joined(compact.replace(/[.,]\d{3}$/, ''), compact.slice(-3), digits);
  if (isAmbiguous) return undefined;
  return joined(whole.replaceAll(/[.,]/g, ''), fraction, digits);
}

function joined(whole: string, fraction: string, digits: number): string | undefined {
  if (fraction.length > digits) return undefined;
  const trimmed = whole.replace(/^0+(?=\d)/, '');
  return digits === 0 ? trimmed : `${trimmed}.${fraction.padEnd(digits, '0')}`;
}

/** An IBAN in groups of four, as it is printed and read aloud. */
export function formatIban(iban: string): string {
  return iban.replaceAll(/(.{4})(?=.)/g, '$1 ');
}
