import { describe, expect, it } from 'vitest';
import { freshDraft, type PaymentChoices, type PaymentDraft } from './payment-draft.ts';
import { accountOf, IBANS, payeeOf } from './people.fixture.ts';
import { readPayment, readPerson, recipientOf, recipientPerson } from './read-payment.ts';

const [EVERYDAY, SAVINGS, YEN, BOB] = IBANS;
const everyday = accountOf('everyday', EVERYDAY);
const savings = accountOf('savings', SAVINGS);
const yen = accountOf('yen', YEN, { currency: 'JPY' });
const dinar = accountOf('dinar', 'KW81CBKU0000000000001234560101', { currency: 'KWD' });
const bob = payeeOf('bob', BOB, { name: 'Bob de Vries' });
const choices: PaymentChoices = { accounts: [everyday, savings, yen, dinar], payees: [bob] };
const STRANGER = 'BE68539007547034';

const whole: PaymentDraft = {
  ...freshDraft({ from: 'everyday' }, choices),
  to: 'new',
  name: ' Carl ',
  iban: 'be68 5390 0754 7034',
  amount: '1.250,50',
  reference: ' Lunch ',
};

function errorsOf(draft: Partial<PaymentDraft>) {
  const read = readPayment({ ...whole, ...draft }, choices);
  return 'errors' in read ? read.errors : undefined;
}

describe('readPayment', () => {
  it('reads a payment to someone new', () => {
    expect(readPayment(whole, choices)).toEqual({
      payment: {
        from: everyday,
        recipient: { kind: 'new', name: 'Carl', iban: STRANGER },
        amount: { amount: '1250.50', currency: 'EUR' },
        reference: 'Lunch',
      },
    });
  });

  it('reads a payment to a payee and to oneself', () => {
    const toBob = readPayment({ ...whole, to: 'payee', payeeId: 'bob' }, choices);
    expect(toBob).toMatchObject({ payment: { recipient: { kind: 'payee', payee: bob } } });
    const toMe = readPayment({ ...whole, to: 'own', toAccountId: 'savings' }, choices);
    expect(toMe).toMatchObject({ payment: { recipient: { kind: 'own', account: savings } } });
  });

  it('knows one\u2019s own account by its IBAN', () => {
    const read = readPayment({ ...whole, iban: SAVINGS }, choices);
    expect(read).toMatchObject({ payment: { recipient: { kind: 'own', account: savings } } });
  });

  it('reads the digits of the currency of the account', () => {
    const amountFrom = (fromAccountId: string, amount: string) =>
      readPayment({ ...whole, fromAccountId, amount }, choices);
    expect(amountFrom('yen', '1250')).toMatchObject({ payment: { amount: { amount: '1250', currency: 'JPY' } } });
    expect(amountFrom('dinar', '1.25')).toMatchObject({ payment: { amount: { amount: '1.250', currency: 'KWD' } } });
  });

  it.each<[string, Partial<PaymentDraft>, object]>([
    ['no account to pay from', { fromAccountId: '' }, { fromAccountId: 'fromMissing', amount: 'amountUnreadable' }],
    ['no payee', { to: 'payee', payeeId: '' }, { payeeId: 'payeeMissing' }],
    ['a payee who is gone', { to: 'payee', payeeId: 'gone' }, { payeeId: 'payeeMissing' }],
    ['no own account', { to: 'own', toAccountId: '' }, { toAccountId: 'ownMissing' }],
    ['the same own account', { to: 'own', toAccountId: 'everyday' }, { toAccountId: 'ownMissing' }],
    ['an own account in another currency', { to: 'own', toAccountId: 'yen' }, { toAccountId: 'ownMissing' }],
    ['no name', { name: '  ' }, { name: 'nameMissing' }],
    ['a name that can not be printed', { name: 'Ca\u0007rl' }, { name: 'nameUnfit' }],
    ['no IBAN', { iban: '' }, { iban: 'ibanMissing' }],
    ['a wrong IBAN', { iban: 'BE68539007547035' }, { iban: 'ibanInvalid' }],
    ['the IBAN one pays from', { iban: EVERYDAY }, { iban: 'ibanIsPayer' }],
    ['no amount', { amount: ' ' }, { amount: 'amountMissing' }],
    ['no number', { amount: 'ten' }, { amount: 'amountUnreadable' }],
    ['a negative amount', { amount: '-5' }, { amount: 'amountUnreadable' }],
    ['an amount of two meanings', { amount: '1.250' }, { amount: 'amountAmbiguous' }],
    ['too many digits', { amount: '12.3456' }, { amount: 'amountDigits' }],
    ['digits a yen has not', { amount: '12.5', fromAccountId: 'yen' }, { amount: 'amountDigits' }],
    ['nothing', { amount: '0.00' }, { amount: 'amountZero' }],
    ['more than a payment can carry', { amount: '99999999999999999' }, { amount: 'amountTooLarge' }],
    ['a reference that can not be printed', { reference: 'a\u0000b' }, { reference: 'referenceUnfit' }],
    ['a reference that is too long', { reference: 'x'.repeat(141) }, { reference: 'referenceUnfit' }],
  ])('says at the field: %s', (_, draft, errors) => {
    expect(errorsOf(draft)).toEqual(errors);
  });

  it('says everything at once, in the order of the page', () => {
    const errors = errorsOf({ fromAccountId: '', name: '', iban: '', amount: '', reference: '\u0000' });
    expect(Object.keys(errors ?? {})).toEqual(['fromAccountId', 'name', 'iban', 'amount', 'reference']);
  });

  it('does not pay an account from itself through a payee', () => {
    const me = payeeOf('me', EVERYDAY);
    const read = readPayment({ ...whole, to: 'payee', payeeId: 'me' }, { ...choices, payees: [me] });
    expect(read).toEqual({ errors: { payeeId: 'ibanIsPayer' } });
  });
});

it('knows the recipient before the rest is there', () => {
  expect(recipientOf({ ...whole, amount: '' }, choices)).toEqual({ kind: 'new', name: 'Carl', iban: STRANGER });
  expect(recipientOf({ ...whole, name: '' }, choices)).toBeUndefined();
});

it('calls every recipient by name and IBAN', () => {
  expect(recipientPerson({ kind: 'payee', payee: bob })).toMatchObject({ name: 'Bob de Vries', iban: BOB });
  expect(recipientPerson({ kind: 'own', account: savings })).toMatchObject({ name: 'savings', iban: SAVINGS });
});

it('finds nothing wrong with a person who has a name and a valid IBAN', () => {
  expect(readPerson({ name: 'Carl', iban: STRANGER })).toEqual({});
  expect(readPerson({ name: 'x'.repeat(121), iban: STRANGER })).toEqual({ name: 'nameUnfit' });
});
