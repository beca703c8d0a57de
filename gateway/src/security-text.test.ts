import { afterEach, describe, expect, it } from 'vitest';
import { type Bank, openBank } from './bank-fixture.ts';
import { readSecurityContact } from './config.ts';

let bank: Bank | undefined;
afterEach(() => bank?.close());

const PATH = '/.well-known/security.txt';

describe('whom to tell of a hole', () => {
  it('stands in security.txt as RFC 9116 has it, and ends within a year', async () => {
    bank = await openBank('in-process', { securityContact: 'mailto:security@bank.test' });
    const answer = await bank.send('GET', PATH, []);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    const fields = new Map(
      answer.text
        .trimEnd()
        .split('\n')
        .map((line) => line.split(': ') as [string, string]),
    );
    expect(fields.get('Contact')).toBe('mailto:security@bank.test');
    expect(fields.get('Canonical')).toBe(`http://bank.test${PATH}`);
    const daysLeft = (Date.parse(fields.get('Expires') ?? '') - bank.time.ms) / (24 * 3_600_000);
    expect(daysLeft).toBeGreaterThan(100);
    expect(daysLeft).toBeLessThan(365);
    expect(bank.seen).toEqual([]);
  });

  it('is nobody when nobody was named, and never a page of the issuer', async () => {
    bank = await openBank('in-process');
    expect(await bank.send('GET', PATH, [])).toMatchObject({ status: 404, code: 'not-found' });
    expect(bank.seen).toEqual([]);
  });

  it.each(['security@bank.test', 'http://bank.test/report', 'mailto:a@b.test\nContact: mailto:evil@b.test'])(
    'is no %j',
    (contact) => {
      expect(() => readSecurityContact({ FLORIN_SECURITY_CONTACT: contact })).toThrow('FLORIN_SECURITY_CONTACT');
    },
  );
});
