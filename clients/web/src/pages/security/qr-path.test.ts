import { encode } from 'uqr';
import { expect, it } from 'vitest';
import { darkPath } from './qr-path.ts';

it('draws a bar for each run, to the end of the row', () => {
  const rows = [
    [true, true, false, true],
    [false, false, false, false],
    [false, true, false, false],
  ];
  expect(darkPath(rows)).toBe('M0 0h2v1h-2zM3 0h1v1h-1zM1 2h1v1h-1z');
});

it('covers every dark module of a code once', () => {
  const { data } = encode('otpauth://totp/Florin:a@b.example?secret=JBSWY3DPEHPK3PXP', { ecc: 'M', border: 4 });
  const drawn = [...darkPath(data).matchAll(/h(\d+)v1/g)].reduce((sum, [, length]) => sum + Number(length), 0);
  expect(drawn).toBe(data.flat().filter(Boolean).length);
});
