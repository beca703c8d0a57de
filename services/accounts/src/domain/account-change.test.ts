import { expect, it } from 'vitest';
import { type AccountChange, runsOf } from './account-change.ts';

function change(accountId: string, version: number): AccountChange {
  const nothing = { postedMinor: '0', heldMinor: '0', overdraftMinor: '0', changedAt: '', lines: [] };
  return { accountId, version, currency: 'EUR', status: 'active', ...nothing };
}

it.each<[string, [string, number][], [string, number, number][]]>([
  ['nothing', [], []],
  ['one change', [['a', 4]], [['a', 4, 4]]],
  [
    'a run',
    [
      ['a', 4],
      ['a', 5],
      ['a', 6],
    ],
    [['a', 6, 4]],
  ],
  [
    'a run out of order',
    [
      ['a', 6],
      ['a', 4],
      ['a', 5],
    ],
    [['a', 6, 4]],
  ],
  [
    'repeated changes',
    [
      ['a', 4],
      ['a', 4],
      ['a', 5],
    ],
    [['a', 5, 4]],
  ],
  [
    'a gap',
    [
      ['a', 1],
      ['a', 2],
      ['a', 5],
      ['a', 6],
    ],
    [['a', 6, 5]],
  ],
  [
    'accounts, sorted',
    [
      ['b', 1],
      ['a', 2],
      ['b', 2],
    ],
    [
      ['a', 2, 2],
      ['b', 2, 1],
    ],
  ],
])('runs of %s', (_what, changes, expected) => {
  const runs = runsOf(changes.map(([accountId, version]) => change(accountId, version)));
  expect(runs.map(({ last, unbrokenFrom }) => [last.accountId, last.version, unbrokenFrom])).toEqual(expected);
});
