import { expect, it } from 'vitest';
import { exportAddress, statementAddress } from './download-addresses.ts';

it('exports what is searched for', () => {
  expect(exportAddress('one', {})).toBe('/v1/accounts/one/transactions/export');
  expect(exportAddress('one', { q: 'bread & butter', minAmount: '1.50' })).toBe(
    '/v1/accounts/one/transactions/export?q=bread+%26+butter&minAmount=1.50',
  );
});

it('names a statement by its month and form', () => {
  expect(statementAddress('one', '2026-10', 'camt.053')).toBe('/v1/accounts/one/statements/2026-10?format=camt.053');
});
