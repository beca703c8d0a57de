import { describe, expect, it } from 'vitest';
import { chooseEncoding, ENCODINGS } from './content-encoding.ts';

describe('the coding of an answer', () => {
  it.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['GZIP;Q=1', 'gzip'],
    ['gzip;q=1.0, br;q=0.9', 'gzip'],
    ['br;q=0.5 , gzip;q=0.5', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0,gzip;q=0', 'identity'],
    ['gzip;q=0.001', 'gzip'],
    ['identity, gzip;q=0.5', 'identity'],
    ['identity;q=0.5, gzip;q=0.4, br;q=0.6', 'br'],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
    ['*;q=0', 'identity'],
    ['identity;q=0', 'identity'],
    ['deflate', 'identity'],
    ['br;q=2', 'identity'],
    ['br;q=0.1234', 'identity'],
    ['br;q=high', 'identity'],
    ['br;level=9', 'identity'],
    ['brotli, xgzip', 'identity'],
    [`${'x,'.repeat(1_000)}br`, 'identity'],
  ])('for %j is %s', (accept, expected) => {
    expect(chooseEncoding(accept, ENCODINGS)).toBe(expected);
  });

  it('is one that there is', () => {
    expect(chooseEncoding('br, gzip;q=0.1', ['gzip', 'identity'])).toBe('gzip');
    expect(chooseEncoding('br, gzip', ['identity'])).toBe('identity');
  });
});
