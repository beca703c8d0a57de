import { CURRENCIES, isValidIban, normaliseIban, parseMoney } from '@florin/money';
import type { Account, Money, Payee } from '@florin/sdk';
import { readTypedAmount } from '../format/money.ts';
import { typedAmountReadings } from './amount-readings.ts';
import { ownRecipients, type PaymentChoices, type PaymentDraft, payingAccounts } from './payment-draft.ts';
import { NAME_LENGTH_MAX, REFERENCE_LENGTH_MAX } from './payment-search.ts';

/** Who gets the money. */
export type Recipient =
  | { readonly kind: 'own'; readonly account: Account }
  | { readonly kind: 'payee'; readonly payee: Payee }
  | { readonly kind: 'new'; readonly name: string; readonly iban: string };

/** What they are called, and their IBAN in its electronic form. */
export function recipientPerson(recipient: Recipient): { readonly name: string; readonly iban: string } {
  switch (recipient.kind) {
    case 'own':
      return recipient.account;
    case 'payee':
      return recipient.payee;
    case 'new':
      return recipient;
  }
}

/** A payment that has all it needs. */
export interface Payment {
  readonly from: Account;
  readonly recipient: Recipient;
  readonly amount: Money;
  readonly reference: string;
}

export type PaymentField = 'fromAccountId' | 'toAccountId' | 'payeeId' | 'name' | 'iban' | 'amount' | 'reference';

/** What is wrong with a field; each has its sentence in the catalogue. */
export type PaymentError =
  | 'fromMissing'
  | 'ownMissing'
  | 'payeeMissing'
  | 'nameMissing'
  | 'nameUnfit'
  | 'ibanMissing'
  | 'ibanInvalid'
  | 'ibanIsPayer'
  | 'amountMissing'
  | 'amountUnreadable'
  | 'amountAmbiguous'
  | 'amountDigits'
  | 'amountZero'
  | 'amountTooLarge'
  | 'referenceUnfit';

export type PaymentErrors = Partial<Record<PaymentField, PaymentError>>;

/** Control characters and line separators, which the bank takes in no text. */
const UNFIT = /[\p{Cc}\u2028\u2029]/u;

/** The payment a draft stands for, or what is wrong with it, by field, in the order of the page. */
export function readPayment(
  draft: PaymentDraft,
  choices: PaymentChoices,
): { readonly payment: Payment } | { readonly errors: PaymentErrors } {
  const from = payingAccounts(choices.accounts).find(({ id }) => id === draft.fromAccountId);
  const recipient = readRecipient(draft, choices, from);
  const amount = readAmount(draft.amount, from?.currency);
  const reference = draft.reference.trim();
  const isUnfit = UNFIT.test(reference) || reference.length > REFERENCE_LENGTH_MAX;
  if (from !== undefined && 'kind' in recipient && 'currency' in amount && !isUnfit) {
    return { payment: { from, recipient, amount, reference } };
  }
  return {
    errors: {
      ...(from === undefined && { fromAccountId: 'fromMissing' }),
      ...('kind' in recipient ? {} : recipient),
      ...('error' in amount && { amount: amount.error }),
      ...(isUnfit && { reference: 'referenceUnfit' }),
    },
  };
}

/** Who a draft says gets the money; undefined while it does not say so rightly. */
export function recipientOf(draft: PaymentDraft, choices: PaymentChoices): Recipient | undefined {
  const from = payingAccounts(choices.accounts).find(({ id }) => id === draft.fromAccountId);
  const recipient = readRecipient(draft, choices, from);
  return 'kind' in recipient ? recipient : undefined;
}

function readRecipient(
  draft: PaymentDraft,
  choices: PaymentChoices,
  from: Account | undefined,
): Recipient | PaymentErrors {
  if (draft.to === 'own') {
    const account = ownRecipients(choices.accounts, from).find(({ id }) => id === draft.toAccountId);
    return account === undefined ? { toAccountId: 'ownMissing' } : { kind: 'own', account };
  }
  if (draft.to === 'payee') {
    const payee = choices.payees.find(({ id }) => id === draft.payeeId);
    if (payee === undefined) return { payeeId: 'payeeMissing' };
    return payee.iban === from?.iban ? { payeeId: 'ibanIsPayer' } : { kind: 'payee', payee };
  }
  return readNewRecipient(draft, choices, from);
}

function readNewRecipient(
  draft: Pick<PaymentDraft, 'name' | 'iban'>,
  choices: PaymentChoices,
  from: Account | undefined,
): Recipient | PaymentErrors {
  const errors = readPerson(draft);
  const name = draft.name.trim();
  const iban = normaliseIban(draft.iban);
  if (errors.name !== undefined || errors.iban !== undefined) return errors;
  if (iban === from?.iban) return { iban: 'ibanIsPayer' };
  // Typed out or chosen, one's own account is one's own.
  const own = ownRecipients(choices.accounts, from).find((account) => account.iban === iban);
  return own === undefined ? { kind: 'new', name, iban } : { kind: 'own', account: own };
}

/** What is wrong with a name and an IBAN that were typed. */
export function readPerson(person: {
  readonly name: string;
  readonly iban: string;
}): Pick<PaymentErrors, 'name' | 'iban'> {
  const name = person.name.trim();
  const iban = normaliseIban(person.iban);
  const isNameUnfit = UNFIT.test(name) || name.length > NAME_LENGTH_MAX;
  return {
    ...(name === '' ? { name: 'nameMissing' } : isNameUnfit && { name: 'nameUnfit' }),
    ...(iban === '' ? { iban: 'ibanMissing' } : !isValidIban(iban) && { iban: 'ibanInvalid' }),
  };
}

/** The amount a text means in a currency, or what is wrong with it. */
export function readAmount(text: string, currency: string | undefined): Money | { readonly error: PaymentError } {
  if (text.trim() === '') return { error: 'amountMissing' };
  const digits = CURRENCIES.get(currency ?? '')?.exponent;
  if (currency === undefined || digits === undefined) return { error: 'amountUnreadable' };
  const amount = readTypedAmount(text, digits);
  if (amount === undefined) return { error: unreadable(text, digits) };
  if (/^[0.]+$/.test(amount)) return { error: 'amountZero' };
  return parseMoney({ amount, currency }).ok ? { amount, currency } : { error: 'amountTooLarge' };
}

function unreadable(text: string, digits: number): PaymentError {
  if (typedAmountReadings(text, digits).length > 0) return 'amountAmbiguous';
  return /^\d+[.,]\d+$/.test(text.trim()) ? 'amountDigits' : 'amountUnreadable';
}
