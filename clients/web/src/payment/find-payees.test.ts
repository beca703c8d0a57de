import { expect, it } from 'vitest';
import { findPayees } from './find-payees.ts';
import { payeeOf } from './people.fixture.ts';

const payees = [
  payeeOf('1', 'NL91ABNA0417164300', { name: 'Zoë Müller' }),
  payeeOf('2', 'DE89370400440532013000', { name: 'Bob de Vries' }),
];

it.each([
  ['', ['1', '2']],
  ['  ', ['1', '2']],
  ['zoe', ['1']],
  ['MÜLL', ['1']],
  ['de vr', ['2']],
  ['nl91 abna', ['1']],
  ['0532', ['2']],
  ['(.*', []],
  ['nobody', []],
])('%j finds %j', (typed, ids) => {
  expect(findPayees(payees, typed).map(({ id }) => id)).toEqual(ids);
});
