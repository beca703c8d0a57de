import { describe, expect, it } from 'vitest';
import { createWebSessions, type WebSession } from './web-sessions.ts';

function setUp() {
  const time = { ms: 0 };
  const asked: { cookie: string; answer: PromiseWithResolvers<WebSession | undefined> }[] = [];
  const sessions = createWebSessions(
    (cookie) => {
      const answer = Promise.withResolvers<WebSession | undefined>();
      asked.push({ cookie, answer });
      return answer.promise;
    },
    () => time.ms,
  );
  return { time, asked, sessions };
}

const SESSION = { accessToken: 'token' };

describe('web sessions', () => {
  it('asks once for all who come while the answer is on its way', async () => {
    const { asked, sessions } = setUp();
    const waiting = [1, 2, 3].map(() => sessions.find('cookie'));
    expect(asked).toHaveLength(1);
    asked[0]?.answer.resolve(SESSION);
    expect(await Promise.all(waiting)).toEqual([SESSION, SESSION, SESSION]);
    expect(sessions.find('cookie')).toBe(SESSION);
  });

  it('asks again after 30 s, after 5 s for a cookie that was nobody, and at once after a failure', async () => {
    const { asked, sessions, time } = setUp();
    const known = sessions.find('known');
    const unknown = sessions.find('unknown');
    const failing = sessions.find('failing');
    asked[0]?.answer.resolve(SESSION);
    asked[1]?.answer.resolve(undefined);
    asked[2]?.answer.reject(new Error('away'));
    await Promise.allSettled([known, unknown, failing]);

    void sessions.find('failing');
    expect(asked).toHaveLength(4);
    time.ms = 4_999;
    expect(sessions.find('unknown')).toBeUndefined();
    time.ms = 5_000;
    void sessions.find('unknown');
    expect(asked).toHaveLength(5);
    time.ms = 29_999;
    expect(sessions.find('known')).toBe(SESSION);
    time.ms = 30_000;
    void sessions.find('known');
    expect(asked).toHaveLength(6);
  });

  it('forgets when told to, and asks nothing about an endless cookie', async () => {
    const { asked, sessions } = setUp();
    const first = sessions.find('cookie');
    asked[0]?.answer.resolve(SESSION);
    await first;
    sessions.forget('cookie');
    void sessions.find('cookie');
    expect(asked).toHaveLength(2);
    expect(sessions.find('c'.repeat(201))).toBeUndefined();
    expect(asked).toHaveLength(2);
  });
});
