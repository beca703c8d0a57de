import { expect, test } from 'vitest';
import { settingsFault } from './settings-check.ts';

const good = { database: 'one', role: 'clerk', slots: 64, hasTables: true, foreignOwner: null };

test('settings that will do are no fault', () => {
  expect(settingsFault(good)).toBeUndefined();
});

test.each([
  [{ slots: 0 }, 'two-phase-disabled', 'max_prepared_transactions = 0; set it to at least 64 and restart the server'],
  [{ hasTables: false }, 'two-phase-tables', 'clerk cannot use the tables of two-phase commit in one'],
  [{ foreignOwner: 'owner' }, 'two-phase-role', 'prepared by owner, which clerk cannot finish; run as owner'],
])('X12: %j is a fault that says what to do', (wrong, code, sentence) => {
  const fault = settingsFault({ ...good, ...wrong });
  expect(fault).toMatchObject({ code, retryable: false });
  expect(fault?.message).toContain(sentence);
});
