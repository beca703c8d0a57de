import { expect, it } from 'vitest';
import { together } from './together.ts';

const answered = (items: readonly string[], more: object = {}) => ({
  data: { items, isWhole: true },
  error: null,
  isPending: false,
  dataUpdatedAt: 2_000,
  refetch: () => undefined,
  ...more,
});
const failed = { ...answered([]), data: undefined, error: new Error('away'), dataUpdatedAt: 0 };
const pending = { ...answered([]), data: undefined, isPending: true, dataUpdatedAt: 0 };
const SERVICES = ['transactions', 'users'] as const;

it('names whose each is, and is as old as the oldest answer', () => {
  const asked = together(SERVICES, [answered(['a'], { dataUpdatedAt: 1_000 }), answered(['b', 'c'])]);
  expect(asked.items).toEqual([
    { service: 'transactions', item: 'a' },
    { service: 'users', item: 'b' },
    { service: 'users', item: 'c' },
  ]);
  expect(asked).toMatchObject({ isWhole: true, isPending: false, atMs: 1_000, failed: [], more: [] });
});

it.each([
  ['one that failed', failed],
  ['one that has not answered', pending],
  ['one that could not be asked again', answered([], { error: new Error('away') })],
])('is not all well with %s', (_, query) => {
  expect(together(SERVICES, [answered([]), query]).isWhole).toBe(false);
});

it('says who failed, and who has more', () => {
  const asked = together(SERVICES, [failed, answered(['b'], { data: { items: ['b'], isWhole: false } })]);
  expect(asked.failed.map(({ service }) => service)).toEqual(['transactions']);
  expect(asked.more).toEqual(['users']);
});
