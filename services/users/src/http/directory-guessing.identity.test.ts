import { sql } from '@florin/postgres';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ownPassword, startVouchedUsers } from '../../fixtures/vouched-users.fixture.ts';

const LIMITS = { namesOfOnePasswordMax: 3, failuresMax: 50 };

let stage: Awaited<ReturnType<typeof startVouchedUsers>>;

beforeAll(async () => {
  stage = await startVouchedUsers({ floodLimits: LIMITS });
});
afterAll(() => stage?.close());
beforeEach(async () => {
  await stage.database.execute(sql`DELETE FROM wrong_password`);
  await stage.database.execute(sql`DELETE FROM failed_sign_in_minute`);
  await stage.database.execute(sql`DELETE FROM sign_in_failure`);
});

const guess = (login: string, password: string) => stage.byPassword('staff')(login, password);
/** The delay in force is a matter of seconds; moving its end makes a test independent of how fast it runs. */
const blockFor = (seconds: number) =>
  stage.database.execute(sql`UPDATE sign_in_failure SET blocked_until = now() + make_interval(secs => ${seconds})`);

it('T21: a name of a directory waits after failures, whatever its spelling, and with the right password too', async () => {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    expect(await guess('teri', `guess ${attempt}`)).toEqual({ refused: 'wrong-credentials' });
  }
  await blockFor(60);
  for (const name of ['teri', ' TERI ']) {
    expect(await guess(name, ownPassword('teri')), name).toEqual({ refused: 'sign-in-delayed' });
  }
  // The same name at this bank is another one.
  expect(await stage.byPassword(undefined)('teri', 'guess')).toEqual({ refused: 'wrong-credentials' });
  await blockFor(0);
  expect(await guess('teri', ownPassword('teri'))).toEqual({ in: true });
  expect(await guess('teri', 'a slip')).toEqual({ refused: 'wrong-credentials' });
  const counts = await stage.database.query(sql`SELECT failures FROM sign_in_failure ORDER BY last_at`);
  expect(counts.at(-1)).toEqual({ failures: 1 });
});

it('T23: one password against many names of a directory is turned away, even where it is right', async () => {
  const password = ownPassword('teri');
  for (let name = 0; name < LIMITS.namesOfOnePasswordMax; name += 1) {
    expect(await guess(`name${name}`, password)).toEqual({ refused: 'wrong-credentials' });
  }
  expect(await guess('teri', password)).toEqual({ refused: 'sign-in-delayed' });
  expect(await guess('carl', ownPassword('carl'))).toEqual({ in: true });
});
