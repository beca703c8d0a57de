import { expect, it } from 'vitest';
import { plainName, plainText, withStepNames } from './plain-text.ts';

it.each([
  ['approved by 018f2a3b-4c5d-7e6f-8a9b-0c1d2e3f4a5b; letter 17', 'approved by …\u20602e3f4a5b; letter 17'],
  ['for 2000 ms', 'for 2 seconds'],
  ['for 120 ms', 'for 120 ms'],
  ['transfer.v1 018f2a3b-4c5d-7e6f-8a9b-0c1d2e3f4a5b:1', 'transfer.v1 …\u20602e3f4a5b:1'],
  ['nothing of that', 'nothing of that'],
])('%s is shown as %s', (text, shown) => {
  expect(plainText(text, 'en-GB')).toBe(shown);
});

it('shows moments in the zone of the reader, with their seconds', () => {
  const shown = plainText('to be done by 2026-11-24T14:05:09.123Z', 'en-GB');
  expect(shown).toMatch(/^to be done by 2\d Nov 2026, \d{2}:\d{2}:09$/);
});

it.each([
  ['post-debit', 'Post debit'],
  ['needs_attention', 'Needs attention'],
  ['?', '?'],
  ['', ''],
])('%s is called %s', (name, words) => {
  expect(plainName(name)).toBe(words);
});

it.each([
  ['receive is not answered', 'receive', '“RECEIVE” is not answered'],
  ['Nothing was heard of a-b and a.', 'a-b', 'Nothing was heard of “A-B” and a.'],
  ['Nothing was heard of a-b and a.', 'a', 'Nothing was heard of a-b and “A”.'],
  ['received', 'receive', 'received'],
  ['Nothing was heard of ?.', '?', 'Nothing was heard of “?”.'],
])('in %j the step %s is named', (text, name, said) => {
  expect(withStepNames(text, [name], (one) => one.toUpperCase())).toBe(said);
});
