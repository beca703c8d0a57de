import { describe, expect, it } from 'vitest';
import { fitDraft, freshDraft, ownRecipients, type PaymentChoices } from './payment-draft.ts';
import { accountOf, IBANS, payeeOf } from './people.fixture.ts';

const [EVERYDAY, SAVINGS, YEN, BOB] = IBANS;
const everyday = accountOf('everyday', EVERYDAY, {}, '50.00');
const savings = accountOf('savings', SAVINGS, {}, '900719925474099301.00');
const yen = accountOf('yen', YEN, { currency: 'JPY' }, '1000000');
const bob = payeeOf('bob', BOB);
const choices: PaymentChoices = { accounts: [everyday, savings, yen], payees: [bob] };

describe('freshDraft', () => {
  it('begins with the first account that is not for saving, whatever is on it', () => {
    const savingFirst = { ...choices, accounts: [{ ...savings, product: 'savings-eur' }, everyday, yen] };
    expect(freshDraft({}, savingFirst)).toMatchObject({ fromAccountId: 'everyday', to: 'payee', payeeId: '' });
    expect(freshDraft({}, { ...choices, accounts: [{ ...savings, product: 'savings-eur' }] }).fromAccountId).toBe(
      'savings',
    );
  });

  it('begins with the account of the address, when money can leave it', () => {
    expect(freshDraft({ from: 'everyday' }, choices).fromAccountId).toBe('everyday');
    const frozen = { ...choices, accounts: [{ ...everyday, status: 'frozen' as const }, savings] };
    expect(freshDraft({ from: 'everyday' }, frozen).fromAccountId).toBe('savings');
    expect(freshDraft({ from: 'nobody' }, choices).fromAccountId).toBe('everyday');
  });

  it('asks for someone new when there are no payees', () => {
    expect(freshDraft({}, { ...choices, payees: [] }).to).toBe('new');
  });

  it('finds a payee by id and by IBAN', () => {
    expect(freshDraft({ payee: 'bob' }, choices)).toMatchObject({ to: 'payee', payeeId: 'bob' });
    expect(freshDraft({ toIban: BOB }, choices)).toMatchObject({ to: 'payee', payeeId: 'bob' });
    expect(freshDraft({ payee: 'gone' }, choices)).toMatchObject({ to: 'payee', payeeId: '' });
  });

  it('knows one\u2019s own account, and pays it from another one', () => {
    const draft = freshDraft({ toIban: SAVINGS }, choices);
    expect(draft).toMatchObject({ to: 'own', toAccountId: 'savings', fromAccountId: 'everyday' });
  });

  it('takes an own account that can not be paid from there for an IBAN like any other', () => {
    expect(freshDraft({ toIban: YEN }, choices)).toMatchObject({ to: 'new', iban: YEN, toAccountId: '' });
  });

  it('fills in a stranger, an amount and a reference', () => {
    const search = { toIban: 'NL00XXXX0000000000', name: 'Carl', amount: '12.50', reference: 'Lunch' };
    expect(freshDraft(search, choices)).toMatchObject({
      to: 'new',
      iban: 'NL00XXXX0000000000',
      name: 'Carl',
      amount: '12.50',
      reference: 'Lunch',
      checked: null,
      isSure: false,
    });
  });

  it('has no account to begin with when none is active', () => {
    expect(freshDraft({}, { accounts: [{ ...everyday, status: 'closed' }], payees: [] }).fromAccountId).toBe('');
  });
});

it('pays one\u2019s own accounts in the same currency only', () => {
  expect(ownRecipients(choices.accounts, everyday)).toEqual([savings]);
  expect(ownRecipients(choices.accounts, yen)).toEqual([]);
  expect(ownRecipients(choices.accounts, undefined)).toEqual([]);
});

it('leaves of an old draft what can still be chosen', () => {
  const draft = { ...freshDraft({ payee: 'bob', from: 'everyday' }, choices), toAccountId: 'savings', amount: '5' };
  expect(fitDraft(draft, choices)).toEqual(draft);
  expect(fitDraft(draft, { accounts: [everyday], payees: [] })).toEqual({ ...draft, toAccountId: '', payeeId: '' });
  expect(fitDraft(draft, { accounts: [savings], payees: [bob] })).toMatchObject({ fromAccountId: '', toAccountId: '' });
});
