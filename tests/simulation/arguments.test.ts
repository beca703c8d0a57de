import { expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

const KINDS = ['saga', 'two-phase'];

it.each([
  [[], { seeds: 3_000, from: 0, seed: undefined, kind: undefined, page: false }],
  [['--seeds', '10', '--from=7'], { seeds: 10, from: 7 }],
  [['--seed', '0', '--kind', 'saga'], { seed: 0, kind: 'saga' }],
  [['--page'], { page: true }],
])('reads %j', (args, wanted) => {
  expect(readArguments(args, KINDS)).toMatchObject({ ok: true, value: wanted });
});

it.each([
  [['--sede', '1'], "Unknown option '--sede'."],
  [['7'], "Unexpected argument '7'."],
  [['--seed'], "Option '--seed <value>' argument missing."],
  [['--page=yes'], "Option '--page' does not take an argument."],
  [['--seed', '-1'], "Option '--seed' argument is ambiguous."],
  [['--seeds', 'many'], '--seeds is a whole number from 0 to 2147483647, not "many".'],
  [['--seeds', '1e3'], '--seeds is a whole number from 0 to 2147483647, not "1e3".'],
  [['--from', '2147483648'], '--from is a whole number from 0 to 2147483647, not "2147483648".'],
  [['--kind', 'sagas'], '--kind is one of saga, two-phase, not "sagas".'],
  [['--seed', '1', '--seeds', '2'], '--seed replays one seed and goes with --kind only.'],
])('refuses %j with one sentence', (args, sentence) => {
  const read = readArguments(args, KINDS);
  expect(read).toEqual({ ok: false, failure: sentence });
});
