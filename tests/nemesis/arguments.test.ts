import { expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

const NOW_MS = 1_795_772_000_000;

it.each([
  [[], { minutes: 5, seed: NOW_MS % 0x7fff_ffff, isIdempotent: true }],
  [['--minutes', '0.5', '--seed', '7'], { minutes: 0.5, seed: 7, isIdempotent: true }],
  [['--no-idempotency'], { isIdempotent: false }],
])('reads %j', (args, wanted) => {
  expect(readArguments(args, NOW_MS)).toMatchObject({ ok: true, value: wanted });
});

it.each([
  [['--minutes', '0'], '--minutes is more than 0 and at most 1440'],
  [['--minutes', 'some'], '--minutes is more than 0 and at most 1440'],
  [['--seed', '1.5'], '--seed is a whole number from 0 to 2147483647'],
  [['--sede', '1'], "Unknown option '--sede'"],
])('refuses %j and says how it is used', (args, sentence) => {
  const read = readArguments(args, NOW_MS);
  expect(read).toMatchObject({ ok: false, failure: expect.stringContaining(sentence) });
  expect(read).toMatchObject({ failure: expect.stringContaining('npm run chaos') });
});
