import { expect, it } from 'vitest';
import { formatDuration } from './durations.ts';

it.each([
  [-5, '0 ms'],
  [0, '0 ms'],
  [999.9, '999 ms'],
  [1_000, '1 second'],
  [59_999, '59 seconds'],
  [60_000, '1 minute'],
  [7_199_000, '1 hour'],
  [7_200_000, '2 hours'],
  [86_400_000, '1 day'],
  [864_000_000, '10 days'],
])('%d ms is %s', (milliseconds, words) => {
  expect(formatDuration(milliseconds, 'en-GB')).toBe(words);
});
