import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, ALICE, type Bank, ORIGIN, openBank } from './bank-fixture.ts';
import type { RawHeader } from './raw-client-fixture.ts';

const COOKIE: RawHeader = ['Cookie', 'florin_sid=sid-1'];
const FROM_OUR_PAGE: readonly RawHeader[] = [
  ['Origin', ORIGIN],
  ['X-Florin-Csrf', 'csrf-1'],
];
/** What a page's `fetch` sends, and what the address bar sends: neither may turn a refusal into a page or a redirect. */
const ACCEPTS: readonly RawHeader[] = [
  ['Accept', 'application/json'],
  ['Accept', 'text/html,application/xhtml+xml,*/*;q=0.8'],
];
const TRANSFER = JSON.stringify({
  fromAccountId: ACCOUNT,
  toAccountId: ACCOUNT,
  amount: { amount: '1.00', currency: 'EUR' },
});

describe.each(['in-process', 'http'] as const)('a browser, %s', (mode) => {
  let bank: Bank;
  let signIn: string;
  beforeAll(async () => {
    bank = await openBank(mode);
  });
  afterAll(() => bank.close());
  beforeEach(async () => {
    bank.time.ms += 60_000;
    bank.seen.length = 0;
    bank.answers.clear();
    bank.sessions.bySid.clear();
    signIn = `sign-in at ${bank.time.ms}`;
    bank.sessions.bySid.set('sid-1', { accessToken: await bank.tokenOf({ sid: signIn }), csrf: 'csrf-1' });
  });

  const read = (accept?: RawHeader) => bank.send('GET', '/v1/accounts', [COOKIE, ...(accept ? [accept] : [])]);
  const change = () =>
    bank.send('POST', '/v1/transfers', [COOKIE, ['Idempotency-Key', 'k'], ...FROM_OUR_PAGE], TRANSFER);

  async function expectSignedOut(): Promise<void> {
    for (const accept of ACCEPTS) {
      const answer = await read(accept);
      expect(answer).toMatchObject({ status: 401, code: 'unauthenticated' });
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.headers).not.toHaveProperty('location');
      expect(answer.setCookies).toEqual([]);
    }
    // Not csrf-refused: that would send the page looking for a new token instead of signing in again.
    expect(await change()).toMatchObject({ status: 401, code: 'unauthenticated' });
  }

  it('whose session was idle for too long is told so by every request, as a problem', async () => {
    expect((await read()).status).toBe(200);
    expect((await change()).status).toBe(200);
    bank.sessions.bySid.clear();
    bank.time.ms += 30_000;
    bank.seen.length = 0;
    await expectSignedOut();
    expect(bank.seen).toEqual([]);
  });

  it('whose session ended while its access token ran out is told so too', async () => {
    const exp = bank.time.ms / 1_000 + 3;
    bank.sessions.bySid.set('sid-1', { accessToken: await bank.tokenOf({ exp }), csrf: 'csrf-1' });
    expect((await read()).status).toBe(200);
    bank.sessions.bySid.clear();
    bank.time.ms += 10_000;
    await expectSignedOut();
  });

  it('that was signed out somewhere else is told so at once', async () => {
    expect((await read()).status).toBe(200);
    bank.denylist.revokeSession(signIn);
    await expectSignedOut();
  });

  it('that signed in again in another tab hears that only its token is old', async () => {
    bank.sessions.bySid.set('sid-1', { accessToken: await bank.tokenOf(), csrf: 'csrf-2' });
    expect(await change()).toMatchObject({ status: 403, code: 'csrf-refused' });
    expect((await read()).status).toBe(200);
  });

  it('may ask who is signed in with a cookie that is dead, and a program gets no page for it', async () => {
    for (const accept of ACCEPTS) {
      const answer = await bank.send('GET', '/session', [['Cookie', 'florin_sid=dead'], accept]);
      expect(answer.status).toBe(200);
      expect(bank.seen.at(-1)).toMatchObject({ service: 'users', url: '/session' });
      expect(bank.seen.at(-1)?.headers.cookie).toBe('florin_sid=dead');
    }
  });

  describe('that listens to /v1/stream', () => {
    // An EventSource sends this, the cookie and nothing else: it can set no header of ours.
    const LISTEN: readonly RawHeader[] = [
      ['Accept', 'text/event-stream'],
      ['Cache-Control', 'no-store'],
    ];

    it('comes in with its cookie alone, and hears every event', async () => {
      const stream = new Readable({ read() {} });
      bank.answers.set('accounts', () => ({ status: 200, stream, contentType: 'text/event-stream' }));
      const listening = bank.send('GET', '/v1/stream', [COOKIE, ['Last-Event-ID', 'e-7'], ...LISTEN]);
      stream.push('event: ready\ndata: {}\n\n');
      stream.push('event: account\ndata: {}\n\n');
      stream.push(null);
      const answer = await listening;
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      expect(answer.headers).not.toHaveProperty('content-length');
      expect(answer.text).toContain('event: ready');
      expect(answer.text).toContain('event: account');
      expect(bank.seen[0]).toMatchObject({ service: 'accounts', url: '/v1/stream' });
      expect(bank.seen[0]?.headers).toMatchObject({ accept: 'text/event-stream', 'last-event-id': 'e-7' });
      expect(bank.seen[0]?.principal).toMatchObject({ subject: ALICE, roles: ['customer'] });
      expect(JSON.stringify(bank.seen)).not.toContain('sid-1');
    });

    it('is refused like any other when its session is over, which ends an EventSource for good', async () => {
      bank.sessions.bySid.clear();
      const answer = await bank.send('GET', '/v1/stream', [COOKIE, ...LISTEN]);
      expect(answer).toMatchObject({ status: 401, code: 'unauthenticated' });
      expect(bank.seen).toEqual([]);
    });
  });
});
