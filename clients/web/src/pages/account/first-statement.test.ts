import { expect, it } from 'vitest';
import { firstStatement } from './first-statement.ts';

it.each([
  ['2026-11-24', '2026-11-30', { month: '2026-11', day: '2026-12-01', isDue: false }],
  ['2026-11-24', '2026-12-01', { month: '2026-11', day: '2026-12-01', isDue: true }],
  ['2026-12-31', '2026-12-31', { month: '2026-12', day: '2027-01-01', isDue: false }],
])('of an account opened on %s, seen on %s', (openedOn, today, expected) => {
  expect(firstStatement(openedOn, today)).toEqual(expected);
});
