import { expect, it } from 'vitest';
import { jsonSetting, portSetting, readSettings, settingTable } from './settings.ts';

const TABLE = settingTable({
  FLORIN_URL: { meaning: 'must be set' },
  FLORIN_HOST: { meaning: 'has a default', default: 'localhost' },
  FLORIN_HOME: { meaning: 'may be absent', otherwise: 'wherever' },
});

it('reads the variables of the table, and no other', () => {
  const environment = { FLORIN_URL: 'http://bank.test', FLORIN_HOME: '/home', FLORIN_KEY: 'secret' };
  expect(readSettings(TABLE, environment)).toEqual({
    FLORIN_URL: 'http://bank.test',
    FLORIN_HOST: 'localhost',
    FLORIN_HOME: '/home',
  });
  expect(readSettings(TABLE, { FLORIN_URL: 'x', FLORIN_HOST: 'bank.test' }).FLORIN_HOST).toBe('bank.test');
  expect(readSettings(TABLE, { FLORIN_URL: 'x' }).FLORIN_HOME).toBeUndefined();
});

it.each([undefined, ''])('names what must be set and is %j', (value) => {
  expect(() => readSettings(TABLE, { FLORIN_URL: value })).toThrow(
    expect.objectContaining({ code: 'setting-missing', message: 'the setting FLORIN_URL is missing' }),
  );
});

it.each(['', ' ', 'eighty', '-1', '80.5', '65535'])('takes %j for no port', (text) => {
  expect(() => portSetting('FLORIN_PORT', text)).toThrow(
    expect.objectContaining({ code: 'setting-invalid', message: expect.stringContaining('FLORIN_PORT') }),
  );
});

it('takes ports, and says nothing of a text that is no JSON', () => {
  expect([portSetting('FLORIN_PORT', '0'), portSetting('FLORIN_PORT', '65534')]).toEqual([0, 65_534]);
  expect(jsonSetting('FLORIN_KEYS', '{"keys":[]}')).toEqual({ keys: [] });
  expect(() => jsonSetting('FLORIN_KEYS', 'hush')).toThrow(/^the setting FLORIN_KEYS must be JSON$/);
});
