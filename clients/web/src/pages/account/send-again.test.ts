import { describe, expect, it } from 'vitest';
import { account } from '../../api/account.fixture.ts';
import { posting } from '../../api/posting.fixture.ts';
import { sendAgain } from './send-again.ts';

describe('sendAgain', () => {
  it('asks for the same payment, its amount without a sign', () => {
    expect(sendAgain(account({ id: 'mine' }), posting())).toEqual({
      from: 'mine',
      toIban: 'NL91ABNA0417164300',
      name: 'Groene Markt',
      amount: '12.50',
      reference: 'Groceries',
    });
  });

  it('leaves out what is not there', () => {
    const bare = posting({ counterparty: { iban: 'NL91ABNA0417164300', name: null }, reference: '' });
    expect(sendAgain(account({ id: 'mine' }), bare)).toEqual({
      from: 'mine',
      toIban: 'NL91ABNA0417164300',
      amount: '12.50',
    });
  });

  it.each([
    ['what came in', posting({ amount: { amount: '12.50', currency: 'EUR' } }), account()],
    ['cash', posting({ kind: 'withdrawal' }), account()],
    ['what was taken back', posting({ kind: 'reversal' }), account()],
    ['a payee without an IBAN', posting({ counterparty: { iban: null, name: 'Florin' } }), account()],
    ['an account that can not send', posting(), account({ status: 'frozen' })],
  ])('is not offered for %s', (_what, line, from) => {
    expect(sendAgain(from, line)).toBeUndefined();
  });
});
