import { expect, it } from 'vitest';
import { type AccountChange, lastChanges, missingVersions } from './account-change.ts';

function change(accountId: string, version: number): AccountChange {
  const nothing = { postedMinor: '0', heldMinor: '0', overdraftMinor: '0', changedAt: '', lines: [] };
  return { accountId, version, currency: 'EUR', status: 'active', ...nothing };
}

it('keeps the newest change of each account, sorted by account', () => {
  const last = lastChanges([change('b', 1), change('a', 2), change('b', 3), change('a', 1)]);
  expect(last.map(({ accountId, version }) => [accountId, version])).toEqual([
    ['a', 2],
    ['b', 3],
  ]);
});

it.each<[string, number[], number, number]>([
  ['all there', [1, 2, 3], 0, 0],
  ['goes on', [5, 6], 4, 0],
  ['one lost', [5, 7], 4, 1],
  ['the first ones lost', [4], 0, 3],
  ['repeated', [3, 4, 4, 5], 4, 0],
  ['all old', [1, 2], 9, 0],
])('%s: %o after %i misses %i', (_what, versions, known, expected) => {
  const changes = versions.map((version) => change('a', version));
  expect(missingVersions(changes, new Map(known === 0 ? [] : [['a', known]]))).toBe(expected);
});
