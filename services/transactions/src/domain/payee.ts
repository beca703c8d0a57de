import { isValidIban, normaliseIban } from '@florin/money';
import { fail, ok, type Result } from '@florin/primitives';
import type { NameCheck } from './name-match.ts';

/** Someone a customer keeps to pay again. */
export interface Payee {
  readonly id: string;
  readonly owner: string;
  /** What the customer calls them. */
  readonly name: string;
  readonly iban: string;
  /** How the first name the customer gave them compared with the holder's. */
  readonly nameCheck: NameCheck;
  readonly createdAtMs: number;
  readonly lastPaidAtMs: number | null;
  /** Their owner said, signed in with two factors, that payments to them need not be confirmed. */
  readonly isTrusted: boolean;
}

export interface PayeeRefusal {
  readonly code: 'payee-exists' | 'payee-not-found' | 'too-many-payees';
  readonly detail: string;
}

/** An IBAN that can not be paid. */
export interface InvalidPayee {
  readonly code: 'invalid-payee';
  readonly detail: string;
}

/** The country of this bank's IBANs: `makeIban` of @florin/money makes no others. */
const COUNTRY = 'NL';

/** An IBAN as people write it, in its electronic form; fails with `invalid-payee` when it can not be one. */
export function readIban(text: string): Result<string, InvalidPayee> {
  const iban = normaliseIban(text);
  if (isValidIban(iban)) return ok(iban);
  return fail({ code: 'invalid-payee', detail: 'The IBAN is not valid: please check it.' });
}

/** Whether an IBAN is one that this bank gives out; its four letters stand after the country and the check digits. */
export function isIbanOfBank(iban: string, bankCode: string): boolean {
  return iban.startsWith(COUNTRY) && iban.startsWith(bankCode, COUNTRY.length + 2);
}

/** What a customer is told who wants to pay, or keep, somebody at another bank. */
export const AT_ANOTHER_BANK: InvalidPayee = {
  code: 'invalid-payee',
  detail: 'This account is at another bank. Payments to other banks are not offered yet.',
};

/** The same for an IBAN of ours that no open account has. */
export const NOT_AT_THIS_BANK: InvalidPayee = {
  code: 'invalid-payee',
  detail: 'No open account of this bank has this IBAN: please check it with the payee.',
};
