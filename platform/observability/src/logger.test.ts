import { describe, expect, test } from 'vitest';
import { createLogger } from './logger.ts';

function capture(level?: string) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ service: 'accounts', destination, ...(level === undefined ? {} : { level }) });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') };
}

describe('a line', () => {
  test('is JSON with service, level as a word and ISO time', () => {
    const { logger, last } = capture();
    logger.info({ route: '/x' }, 'request');
    expect(last()).toMatchObject({ service: 'accounts', level: 'info', msg: 'request', route: '/x' });
    expect(last().time).toMatch(/^\d{4}-\d{2}-\d{2}T.*Z$/);
  });

  test('is not written below the level, and silent writes none', () => {
    const { logger, lines } = capture();
    logger.debug('no');
    capture('silent').logger.fatal('no');
    expect(lines).toEqual([]);
  });
});

describe('secrets', () => {
  test.each([
    { authorization: 'canary' },
    { Authorization: 'canary' },
    { headers: { cookie: 'canary', 'set-cookie': ['canary'] } },
    { request: { body: { user: { newPassword: 'canary' } } } },
    { items: [{ refresh_token: 'canary' }] },
    { tokens: { accessToken: 'canary' } },
    { clientSecret: { deep: 'canary' } },
    { code: 'canary'.repeat(8) },
    { a: { b: { c: { d: { e: { f: { token: 'canary' } } } } } } },
  ])('are censored in %o', (fields) => {
    const { logger, lines } = capture();
    logger.info(fields, 'x');
    logger.child(fields).info('x');
    expect(lines).toHaveLength(2);
    expect(lines.join()).not.toContain('canary');
  });

  test('leave what is no secret, and the object that was logged, alone', () => {
    const { logger, last } = capture();
    const fields = { code: 'account-busy', token: 'canary', nested: { at: new Date(0), n: 1, list: [1, null] } };
    logger.info(fields, 'x');
    expect(last()).toMatchObject({
      code: 'account-busy',
      nested: { at: '1970-01-01T00:00:00.000Z', n: 1, list: [1, null] },
    });
    expect(fields.token).toBe('canary');
  });

  test('do not come in through what a database puts on its errors', () => {
    const { logger, lines, last } = capture();
    const cause = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (email)=(canary)',
      query: 'canary',
    });
    logger.error({ err: new Error('could not save', { cause }) }, 'x');
    expect(last().err).toMatchObject({
      type: 'Error',
      message: 'could not save',
      cause: { code: '23505', message: 'duplicate key' },
    });
    expect(last().err.stack).toContain('logger.test');
    expect(lines.join()).not.toContain('canary');
  });

  test('and a thing that holds itself does not loop', () => {
    const { logger, lines } = capture();
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    const error = new Error('x');
    error.cause = error;
    logger.info({ loop, err: error }, 'x');
    expect(lines).toHaveLength(1);
  });
});
