import { expect, it } from 'vitest';
import { maskName } from './mask-name.ts';

it.each([
  ['Maria Keller', 'M••• K•••'],
  ['  Zoë   O’Brien-Keller ', 'Z••• O•••'],
  ['Łukasz', 'Ł•••'],
  ['𝒜da L', '𝒜••• L•••'],
  ['', ''],
])('%j is shown as %j', (name, masked) => {
  expect(maskName(name)).toBe(masked);
});
