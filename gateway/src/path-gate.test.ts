import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlainPath } from './path-gate.ts';

describe('isPlainPath', () => {
  it.each([
    '/',
    '/v1/transfers',
    '/v1/transfers?x=../..//%2f\\',
    '/v1/accounts/018f/transactions?from=2026-01-01&q=a%20b',
    '/.well-known/openid-configuration',
    '/interaction/Zm9v_-',
    '/a.b/..c/c../...',
    '/caf%C3%A9',
    '/a%20b',
  ])('accepts %s', (target) => expect(isPlainPath(target)).toBe(true));

  it.each([
    '',
    '*',
    'v1/transfers',
    'http://evil.test/v1/transfers',
    '//evil.test/v1',
    '/v1//transfers',
    '/v1/transfers//',
    '/v1/../internal/accounts',
    '/v1/..',
    '/..?x',
    '/./v1',
    '/v1/.',
    '/v1/.?x',
    '/v1/%2e%2e/internal',
    '/v1/.%2E/internal',
    '/v1%2ftransfers',
    '/v1%2Ftransfers',
    '/v1%5ctransfers',
    '/v1%5Ctransfers',
    '/v1\\transfers',
    '/v1/transfers%00',
    '/v1/transfers%0d%0aX: y',
    '/v1/transfers%7f',
    '/v1/%252e%252e/internal',
    '/v1/transfers;x=1',
    '/v1/transfers%3bx=1',
    '/v1/transfers#x',
    '/v1/%',
    '/v1/%2',
    '/v1/%zz',
    '/v1/\u00e9',
    '/v1/ x',
  ])('refuses %j', (target) => expect(isPlainPath(target)).toBe(false));

  it('lets nothing through that a URL parser reads as another path', () => {
    const piece = fc.constantFrom(
      '/',
      '.',
      '..',
      'v1',
      '%2e',
      '%2F',
      '%5c',
      '\\',
      ';',
      '%',
      'internal',
      '//',
      '%25',
      '?',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const target = `/${pieces.join('')}`;
        if (!isPlainPath(target)) return;
        const path = target.split('?', 1)[0] ?? '';
        const parsed = new URL(target, 'http://bank.test');
        expect(parsed.host).toBe('bank.test');
        expect(parsed.pathname).toBe(path);
        expect(decodeURIComponent(path).split('/')).toHaveLength(path.split('/').length);
      }),
      { numRuns: 5_000 },
    );
  });
});
