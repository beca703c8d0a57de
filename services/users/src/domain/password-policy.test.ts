import { expect, test } from 'vitest';
import { decidePassword, normalisePassword } from './password-policy.ts';

/** As the list of the service, which is longer. */
const KNOWN = new Set(['correcthorsebatterystaple', 'passwordpassword', 'tinkerbell', 'hannah']);

const ABOUT = ['maria.keller@example.com', 'Maria Keller'];

test.each([
  'x7$Kq2!mZp9w',
  'harbour maple lantern',
  'вишня-компас-туман',
  'florin-harbour-maple-27',
  '839201746258',
  `${'🐝'.repeat(4)}nectar hive`,
  'k'.repeat(3) + 'Lq9#vT2&bX8!'.repeat(5),
  'a1B2c3D4e5F6g7H8',
])('%s may be chosen', (password) => {
  expect(decidePassword(password, ABOUT, KNOWN).ok).toBe(true);
});

test.each([
  ['short', 'sevench'],
  ['eleven', 'x7$Kq2!mZp9'],
  ['long', 'x7$Kq2!mZp9w'.repeat(11)],
  ['known', 'correcthorsebatterystaple'],
  ['known with look-alikes', 'P4sswordP4ssword'],
  ['known and dressed up', '12Tink3rbell34!!'],
  ['known twice', 'HannahHannah'],
  ['about the bank', 'OurBank2026!'],
  ['about the bank, dressed up', 'Fl0rin-B4nk-2026!!'],
  ['about the person', 'Maria.Keller1984'],
  ['repeats', 'abababababab'],
  ['counts', '123456789012'],
  ['walks', 'qwertyuiopas'],
  ['walks back', 'poiuytrewqlk'],
])('%s is refused: %s', (_why, password) => {
  expect(decidePassword(password, ABOUT, KNOWN).ok).toBe(false);
});

test('full-width letters are the same password, and nothing is cut off at 72 bytes', () => {
  expect(normalisePassword('Ｌantern')).toBe('Lantern');
  const long = 'lantern harbour maple kettle orchid velvet candle mirror copper thistle ';
  const one = decidePassword(`${long}one`, [], KNOWN);
  const two = decidePassword(`${long}two`, [], KNOWN);
  expect(one.ok && two.ok && one.value !== two.value).toBe(true);
});
