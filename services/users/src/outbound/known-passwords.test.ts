import { expect, test } from 'vitest';
import { decidePassword } from '../domain/password-policy.ts';
import { knownPasswords } from './known-passwords.ts';

test('many thousands are known, the phrases that lists of stolen passwords lack among them', () => {
  expect(knownPasswords.size).toBeGreaterThan(45_000);
  expect(knownPasswords.has('letmein')).toBe(true);
  expect(knownPasswords.has('winter is coming')).toBe(true);
});

test('none of the first three thousand may be chosen, nor with a year and a sign at its end, nor twice', () => {
  const first = [...knownPasswords].slice(0, 3_000);
  const refused = (password: string) => !decidePassword(password, [], knownPasswords).ok;
  expect(first.filter((password) => !refused(password))).toEqual([]);
  const words = first.filter((password) => /^[a-z]+$/.test(password));
  expect(words.length).toBeGreaterThan(1_000);
  expect(words.filter((word) => !refused(`${word}2026!`))).toEqual([]);
  expect(words.filter((word) => !refused(word + word))).toEqual([]);
});
