import { normaliseIban } from '@florin/money';

/** What an address may fill in already: links of ours lead here, and so may anybody else's. */
export interface PaymentSearch {
  /** The id of one of the payer's own accounts. */
  readonly from?: string;
  /** The id of a payee. */
  readonly payee?: string;
  /** In its electronic form; whether it is valid is said at the field. */
  readonly toIban?: string;
  readonly name?: string;
  /** A plain decimal with a point. */
  readonly amount?: string;
  readonly reference?: string;
}

export const NAME_LENGTH_MAX = 120;
export const REFERENCE_LENGTH_MAX = 140;
export const IBAN_LENGTH_MAX = 42;
const AMOUNT_LENGTH_MAX = 24;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const IBAN_SHAPE = /^[A-Z]{2}[0-9A-Z]{13,32}$/;
const DECIMAL = /^\d+(\.\d+)?$/;
/** Control characters and line separators, which the bank refuses, and marks that turn the direction of what is read. */
const UNFIT_FOR_TEXT = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
/** A number of JSON with at most so many digits is a double exactly as it was written. */
const EXACT_DIGITS_MAX = 15;

/**
 * Reads what an address fills in. The address is anybody's to write, so each value is taken only whole and only in the
 * form it must have; anything else (lists, objects, texts too long) is as if it were not there. Nothing is sent by it.
 */
export function readPaymentSearch(search: Record<string, unknown>): PaymentSearch {
  const from = fitting(search['from'], UUID, 36);
  const payee = fitting(search['payee'], UUID, 36);
  const toIban = fitting(ibanOf(search['toIban']), IBAN_SHAPE, IBAN_LENGTH_MAX);
  const name = plainText(search['name'], NAME_LENGTH_MAX);
  const amount = fitting(textOf(search['amount']), DECIMAL, AMOUNT_LENGTH_MAX);
  const reference = plainText(search['reference'], REFERENCE_LENGTH_MAX);
  return {
    ...(from !== undefined && { from }),
    ...(payee !== undefined && { payee }),
    ...(toIban !== undefined && { toIban }),
    ...(name !== undefined && { name }),
    ...(amount !== undefined && { amount }),
    ...(reference !== undefined && { reference }),
  };
}

function fitting(value: unknown, shape: RegExp, lengthMax: number): string | undefined {
  return typeof value === 'string' && value.length <= lengthMax && shape.test(value) ? value : undefined;
}

function ibanOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= IBAN_LENGTH_MAX ? normaliseIban(value) : undefined;
}

function plainText(value: unknown, lengthMax: number): string | undefined {
  const text = textOf(value);
  if (text === undefined || text.length > lengthMax || text.trim() === '') return undefined;
  return UNFIT_FOR_TEXT.test(text) ? undefined : text;
}

/** The router reads `?amount=12.5` as a number; it is text again only if no digit was lost on the way. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') return undefined;
  const text = String(value);
  return DECIMAL.test(text) && text.replace('.', '').length <= EXACT_DIGITS_MAX ? text : undefined;
}

/** The same search as one text, to tell one address from another. */
export function originOf({ from, payee, toIban, name, amount, reference }: PaymentSearch): string {
  const given = [from, payee, toIban, name, amount, reference];
  return given.every((value) => value === undefined) ? '' : JSON.stringify(given.map((value) => value ?? null));
}
