import { CATEGORIES } from '@florin/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { categoryOf, type LineFacts, wordsOf } from './categorise.ts';
import type { Category } from './category.ts';
import { WORD_RULES } from './category-words.ts';

function out(reference: string, counterpartyName: string | null = 'Somebody Else'): LineFacts {
  return { kind: 'transfer', isDebit: true, counterpartyIban: 'NL91ABNA0417164300', counterpartyName, reference };
}

function into(reference: string, counterpartyName?: string | null): LineFacts {
  return { ...out(reference, counterpartyName), isDebit: false };
}

describe('the people and firms of the demo', () => {
  it.each<[LineFacts, Category]>([
    [into('Salary', 'Polder Software'), 'income'],
    [out('Rent', 'Kanaal Housing'), 'housing'],
    [out('', 'Kanaal Housing'), 'housing'],
    [out('Groceries', 'Groene Markt'), 'groceries'],
    [out('4711', 'Groene Markt'), 'groceries'],
    [out('Coffee', 'Koffie & Co'), 'eating-out'],
    [out('Thanks!', 'Koffie & Co'), 'eating-out'],
    [out('Train ticket', 'Stadsspoor'), 'transport'],
    [out('AMS-UTR', 'Stadsspoor'), 'transport'],
    [out('Electricity and water', 'Waterlijn Energy'), 'utilities'],
    [out('March', 'Waterlijn Energy'), 'utilities'],
    [out('Books', 'Boekhandel Passage'), 'shopping'],
    [out('Two tickets', 'Cinema Luna'), 'leisure'],
    [out('Cinema', 'Alice Jansen'), 'leisure'],
    [out('Pharmacy', 'Apotheek Zuid'), 'health'],
    [out('12.03.', 'Apotheek Zuid'), 'health'],
    [out('Insurance', 'Zeker Verzekeringen'), 'insurance'],
    [out('Polis 88', 'Zeker Verzekeringen'), 'insurance'],
    [out('Savings', 'Alice Jansen'), 'savings'],
    [into('Savings', 'Alice Jansen'), 'savings'],
    [out('Your half of dinner', 'Bob de Vries'), 'eating-out'],
    [into('Your half of dinner', 'Alice Jansen'), 'transfer'],
    [out('Birthday present for Mum', 'Alice Jansen'), 'shopping'],
    [into('Birthday present for Mum', 'Bob de Vries'), 'transfer'],
    [out('See you on Friday', 'Bob de Vries'), 'transfer'],
  ])('%o is %s', (line, category) => {
    expect(categoryOf(line)).toBe(category);
  });
});

describe('what kind and direction say', () => {
  it.each<[Partial<LineFacts>, Category]>([
    [{ kind: 'deposit', isDebit: false, counterpartyIban: null, reference: 'Salary' }, 'cash'],
    [{ kind: 'withdrawal', counterpartyIban: null, reference: 'Rent' }, 'cash'],
    [{ kind: 'fee', counterpartyIban: null, reference: 'Transfer fee' }, 'fees'],
    [{ kind: 'capture', reference: 'Hotel' }, 'leisure'],
    [{ kind: 'capture', counterpartyIban: null, counterpartyName: null }, 'other'],
    [{ kind: 'capture', counterpartyIban: null, counterpartyName: 'Clearing' }, 'other'],
    [{ kind: 'something new', reference: 'x' }, 'transfer'],
    // The tenant's rent is not the landlord's housing, and who pays wages has no income from it.
    [{ isDebit: false, reference: 'Rent' }, 'transfer'],
    [{ reference: 'Salary' }, 'transfer'],
    // Money back from a shop belongs to the shop.
    [{ isDebit: false, reference: 'Refund', counterpartyName: 'Groene Markt' }, 'groceries'],
  ])('%o is %s', (facts, category) => {
    expect(categoryOf({ ...out(''), ...facts })).toBe(category);
  });

  it.each<[LineFacts, Category]>([
    [out('Rent', 'Kanaal Housing'), 'housing'],
    [into('Salary', 'Polder Software'), 'income'],
    [into('Rent', 'Alice Jansen'), 'transfer'],
    [out('See you', 'Bob de Vries'), 'transfer'],
  ])('a reversal of %o stays with it', (line, category) => {
    expect(categoryOf(line)).toBe(category);
    expect(categoryOf({ ...line, kind: 'reversal', isDebit: !line.isDebit })).toBe(category);
  });

  it.each<[LineFacts, Category]>([
    [{ ...into('Opening deposit', 'Cash'), kind: 'deposit', counterpartyIban: null }, 'cash'],
    [{ ...out('Rent', 'Cash'), kind: 'withdrawal', counterpartyIban: null }, 'cash'],
    [{ ...out('Transfer fee', 'Fee income'), kind: 'fee', counterpartyIban: null }, 'fees'],
  ])('a reversal of %o at the counter does too', (line, category) => {
    expect(categoryOf(line)).toBe(category);
    expect(categoryOf({ ...line, kind: 'reversal', isDebit: !line.isDebit })).toBe(category);
  });

  it.each<[string | null, Category]>([
    ['Jan Smit', 'transfer'],
    ['Smit Holding BV', 'other'],
    ['Müller & Söhne GmbH', 'other'],
    ['Gemeente Utrecht', 'other'],
    ['', 'other'],
    [null, 'other'],
  ])('what no rule knows, to %s, is %s', (name, category) => {
    expect(categoryOf(out('Invoice 7', name))).toBe(category);
  });
});

describe('words in three languages', () => {
  it.each<[string, Category]>([
    ['HUUR april', 'housing'],
    ['Hypotheek', 'housing'],
    ['Kaltmiete 04/26', 'housing'],
    ['boodschappen', 'groceries'],
    ['AH: Albert Heijn 1234', 'groceries'],
    ['Weekboodschappen', 'groceries'],
    ['Bäckerei', 'groceries'],
    ['B\u0061\u0308ckerei', 'groceries'],
    ['Café de Sluis', 'eating-out'],
    ['CAFÉ', 'eating-out'],
    ['ﬁtness', 'leisure'],
    ['Lunch-pauze', 'eating-out'],
    ['OV-chipkaart', 'transport'],
    ['Straßenbahn', 'transport'],
    ['Deutsche Bahn', 'transport'],
    ['Zorgverzekering', 'insurance'],
    ['Kfz-Versicherung', 'insurance'],
    ['Health insurance', 'insurance'],
    ['Beitrag Rentenversicherung', 'insurance'],
    ['Zahnarzt Dr. Weiß', 'health'],
    ['tandarts', 'health'],
    ['Kino', 'leisure'],
    ['bioscoop', 'leisure'],
    ['Sommerurlaub', 'leisure'],
    ['Bücher', 'shopping'],
    ['Schuhe', 'shopping'],
    ['bol.com', 'shopping'],
    ['Stromrechnung', 'utilities'],
    ['Geldautomat', 'cash'],
    ['Kontoführung', 'fees'],
    ['spaarrekening', 'savings'],
  ])('out: %s is %s', (reference, category) => {
    expect(categoryOf(out(reference))).toBe(category);
  });

  it.each(['Salaris maart', 'Gehalt', 'Lohn 03', 'AOW', 'Kindergeld', 'Zorgtoeslag', 'Pension', 'Rente', 'Wages'])(
    'in: %s is income',
    (reference) => {
      expect(categoryOf(into(reference))).toBe('income');
    },
  );

  it.each<[string, string]>([
    ['parent', 'rent'],
    ['Trent', 'rent'],
    ['currently', 'rent'],
    ['Preise', 'reise'],
    ['spare parts', 'arts'],
    ['Bookkeeping', 'book'],
    ['trained', 'train'],
    ['Heijn Albert', 'albert heijn'],
    ['bus1', 'bus'],
  ])('%s is not %s', (reference) => {
    expect(categoryOf(out(reference))).toBe('transfer');
  });
});

describe('the rules', () => {
  const words = WORD_RULES.flatMap((rule) => rule.words.split(', ').map((word) => word.replace('*', '')));

  it('name each word once, folded as texts are', () => {
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
    for (const word of words) expect(wordsOf(word).join(' ')).toBe(word);
    for (const word of words) expect(word.split(' ').length).toBeLessThanOrEqual(2);
  });

  it('have endings that are long enough to be meant', () => {
    for (const ending of WORD_RULES.flatMap((rule) => rule.words.split(', ')).filter((word) => word.startsWith('*'))) {
      expect(ending.length).toBeGreaterThan(4);
    }
  });
});

describe('hostile text', () => {
  it('always has a category of the contract', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constantFrom(...WORD_RULES.map((r) => r.words)),
    );
    fc.assert(
      fc.property(text, text, fc.boolean(), fc.string(), (reference, name, isDebit, kind) => {
        const line = { kind, isDebit, counterpartyIban: 'x', counterpartyName: name, reference };
        expect(CATEGORIES).toContain(categoryOf(line));
      }),
    );
  });

  it('is not looked at beyond a bound, however it unfolds', () => {
    expect(categoryOf(out(`${'x '.repeat(100)}rent`))).toBe('transfer');
    // One character that unfolds into eighteen.
    expect(wordsOf('\ufdfa'.repeat(1_000)).join('').length).toBeLessThanOrEqual(160);
    expect(wordsOf('\u0301'.repeat(100_000))).toEqual([]);
  });

  it('is no property of an object', () => {
    for (const word of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      expect(categoryOf({ ...out(word), kind: word })).toBe('transfer');
    }
  });
});
