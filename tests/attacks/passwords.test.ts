import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changesNothing, expectCleanLog, expectProblem } from './answers.ts';
import { cookiesOf } from './asking.ts';
import { type AttackedBank, emailOf, startAttackedBank } from './attacked-bank.ts';
import { person } from './people.ts';
import { type Begun, type SignInSteps, signInSteps } from './sign-in-steps.ts';

const ALICE = emailOf('Alice Attacked');

let attacked: AttackedBank;
let steps: SignInSteps;
beforeAll(async () => {
  attacked = await startAttackedBank();
  steps = signInSteps(attacked.ask);
  await person(attacked, 'Alice Attacked', ['customer']);
});
afterAll(() => attacked.close());

const begin = () => steps.begin();
const type = (begun: Begun, login: string, password: string) => steps.type(begun, login, password);

describe('T20: passwords', () => {
  const signUp = (password: string, email: string) =>
    attacked.ask({ method: 'POST', path: '/v1/users', body: { email, password, name: 'Paula Password' } });

  it.each([
    ['too short', 'sevench'],
    ['one of the first that would be tried', 'password1234'],
    ['the name of the bank and a year', 'FlorinBank2026!'],
    ['letters of a keyboard', 'qwertyuiop12'],
    ['longer than any of ours', 'long enough '.repeat(12)],
  ])('T20: %s', async (_, password) => {
    const seen = await changesNothing(attacked, () => signUp(password, 'paula.refused@example.com'));
    expectProblem(seen, 422, 'password-too-weak');
    expect(seen.text).not.toContain(password);
  });

  it('T20: sixty-four letters of any alphabet do, all of them count, and a megabyte is not read', async () => {
    const long = 'пароль秘密κωδικός'.repeat(5).slice(0, 64);
    expect((await signUp(long, 'paula.long@example.com')).status).toBe(201);
    expect((await type(await begin(), 'paula.long@example.com', `${long.slice(0, 63)}x`)).status).toBe(401);
    expect((await type(await begin(), 'paula.long@example.com', long)).status).toBe(200);
    expectProblem(await signUp('x'.repeat(1_000_000), 'paula.large@example.com'), 413, 'body-too-large');
  });
});

const median = (numbers: readonly number[]) => numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? 0;

describe('T22: who banks here', () => {
  const NOBODY = 'nobody.at.all@example.com';

  it('T22: a wrong password and an unknown address are one answer: body, status, headers and cookies', async () => {
    const [known, unknown] = [
      await type(await begin(), ALICE, 'wrong password of hers'),
      await type(await begin(), NOBODY, 'wrong password of hers'),
    ];
    expectProblem(known, 401, 'wrong-credentials');
    const { traceId: _one, ...knownBody } = known.body;
    const { traceId: _other, ...unknownBody } = unknown.body;
    expect(knownBody).toEqual(unknownBody);
    expect(Object.keys(known.headers).sort()).toEqual(Object.keys(unknown.headers).sort());
    expect(cookiesOf(known).map((line) => line.replace(/=[^;]*/, ''))).toEqual(
      cookiesOf(unknown).map((line) => line.replace(/=[^;]*/, '')),
    );
  });

  /** Pairs, one after the other, so that whatever else the machine does hits both alike. */
  const PAIRS = 40;
  /** Three failures of a name are free of delay. */
  const PEOPLE = 14;

  it('T22: nor can they be told apart by the time that they take', async () => {
    const names = Array.from({ length: PEOPLE }, (_, index) => `Tim Timed ${index}`);
    for (const name of names) await person(attacked, name, ['customer']);
    const [known, unknown]: [number[], number[]] = [[], []];
    const measure = async (times: number[], login: string, pair: number) => {
      const begun = await begin();
      // One password on so many names would be seen as what it is: T23.
      const password = `wrong password of pair ${pair}`;
      const startedAt = performance.now();
      expect((await type(begun, login, password)).status).toBe(401);
      times.push(performance.now() - startedAt);
    };
    for (let pair = 0; pair < PAIRS; pair += 1) {
      await measure(known, emailOf(names[pair % PEOPLE] ?? ''), pair);
      await measure(unknown, `unknown.${pair % PEOPLE}@example.com`, pair);
    }
    const ratio = median(known) / median(unknown);
    expect(ratio).toBeLessThan(1.5);
    expect(1 / ratio).toBeLessThan(1.5);
  });

  it('T22: guesses are on record, without what was typed', async () => {
    await attacked.stores.mark();
    await type(await begin(), NOBODY, 'canary-password-guessed');
    const records = await attacked.audits();
    expect(records).toMatchObject([{ actor: 'anonymous', action: 'users.sign-in', outcome: 'refused' }]);
    expect(JSON.stringify(records)).not.toMatch(/canary-password|nobody\.at\.all/);
  });
});

it('T47: nothing secret was logged on the way', () => {
  expectCleanLog(attacked);
});
