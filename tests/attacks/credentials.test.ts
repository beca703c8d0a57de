import { mkdir, readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { expectCleanLog, expectProblem } from './answers.ts';
import { cookiesOf, type Seen } from './asking.ts';
import { type AttackedBank, emailOf, PASSWORD, startAttackedBank } from './attacked-bank.ts';
import { type Cast, castOf, person } from './people.ts';
import { type Begun, type SignInSteps, signInSteps } from './sign-in-steps.ts';

const NEW_PASSWORD = 'canary-password-chosen-anew';
const NOBODY = 'nobody.at.all@example.com';
const SOON = { timeout: 15_000, interval: 50 };
/** What was taken back is refused within so long; a machine that is busy takes longer than the second that is promised. */
const REVOKED = { timeout: 10_000, interval: 20 };

let attacked: AttackedBank;
let cast: Cast;
let steps: SignInSteps;
beforeAll(async () => {
  attacked = await startAttackedBank();
  await mkdir(attacked.mailFolder, { recursive: true });
  steps = signInSteps(attacked.ask);
  cast = await castOf(attacked);
});
afterAll(() => attacked.close());

const askReset = (email: string) => attacked.ask({ method: 'POST', path: '/v1/password-resets', body: { email } });
const complete = (token: string, password: string) =>
  attacked.ask({ method: 'POST', path: '/v1/password-resets/complete', body: { token, password } });
const statusOf = async (token: string) => (await attacked.ask({ path: '/v1/me', token })).status;
const tokenOf = async (login: string) =>
  String((await steps.redeem(await steps.codeOf(login, PASSWORD))).body['access_token']);

/** The token in the newest mail to an address. */
async function mailedToken(address: string): Promise<string> {
  return vi.waitUntil(async () => {
    const names = (await readdir(attacked.mailFolder)).filter((name) => name.endsWith('.eml')).sort();
    const mails = await Promise.all(names.map((name) => readFile(`${attacked.mailFolder}/${name}`, 'utf8')));
    const mail = mails.findLast((text) => text.includes(`To: ${address}`) && text.includes('/reset-password'));
    return mail && /#([\w-]{43})/.exec(mail.replace(/=\n/g, ''))?.[1];
  }, SOON);
}

const median = (numbers: readonly number[]) => numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? 0;

describe('T22: who banks here, asked by way of a new password', () => {
  const told = (seen: Seen) => ({
    status: seen.status,
    text: seen.text,
    headers: Object.keys(seen.headers).sort(),
    cookies: cookiesOf(seen),
  });

  it('T22: an address of somebody and one of nobody are one answer: body, status, headers and cookies', async () => {
    await person(attacked, 'Rita Reset', ['customer']);
    const [known, unknown] = [await askReset(emailOf('Rita Reset')), await askReset(NOBODY)];
    expect(told(known)).toEqual(told(unknown));
    expect([known.status, known.text]).toEqual([202, '']);
  });

  it('T22: nor can they be told apart by the time a request for a new password takes', async () => {
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    const measure = async (kind: keyof typeof times, email: string) => {
      const startedAt = performance.now();
      expect((await askReset(email)).status).toBe(202);
      times[kind].push(performance.now() - startedAt);
    };
    for (let pair = 0; pair < 40; pair += 1) {
      await measure('known', emailOf('Rita Reset'));
      await measure('unknown', NOBODY);
    }
    const ratio = median(times.known) / median(times.unknown);
    expect(ratio).toBeLessThan(1.5);
    expect(1 / ratio).toBeLessThan(1.5);
  });

  it('T22: a token that is not, and one that was used, are one answer', async () => {
    await person(attacked, 'Rosa Reset', ['customer']);
    await askReset(emailOf('Rosa Reset'));
    const token = await mailedToken(emailOf('Rosa Reset'));
    expect((await complete(token, NEW_PASSWORD)).status).toBe(204);
    const [used, invented] = [await complete(token, NEW_PASSWORD), await complete('A'.repeat(43), NEW_PASSWORD)];
    const { traceId: _one, ...usedBody } = used.body;
    const { traceId: _other, ...inventedBody } = invented.body;
    expect([used.status, usedBody]).toEqual([410, inventedBody]);
  });
});

describe('T07: tokens after what signs somebody in has changed', () => {
  it('T07: a reset password ends every token of before', async () => {
    await person(attacked, 'Vera Victim', ['customer']);
    const token = await tokenOf(emailOf('Vera Victim'));
    await askReset(emailOf('Vera Victim'));
    expect((await complete(await mailedToken(emailOf('Vera Victim')), NEW_PASSWORD)).status).toBe(204);
    await vi.waitUntil(async () => (await statusOf(token)) === 401, REVOKED);
  });

  it('T07: a changed password ends the tokens of everywhere else, and keeps this one', async () => {
    await person(attacked, 'Wanda Victim', ['customer']);
    const [here, there] = [await tokenOf(emailOf('Wanda Victim')), await tokenOf(emailOf('Wanda Victim'))];
    const body = { presentPassword: PASSWORD, password: NEW_PASSWORD };
    expect((await attacked.ask({ method: 'PUT', path: '/v1/me/password', token: here, body })).status).toBe(204);
    await vi.waitUntil(async () => (await statusOf(there)) === 401, REVOKED);
    expect(await statusOf(here)).toBe(200);
  });

  it('T07: somebody who is kept out, or signed out by an administrator, has no token any more', async () => {
    for (const [method, what] of [
      ['POST', 'disable'],
      ['DELETE', 'sessions'],
    ] as const) {
      const name = `Kept Out ${what}`;
      const { id } = await person(attacked, name, ['customer']);
      const token = await tokenOf(emailOf(name));
      const done = await attacked.ask({ method, path: `/v1/users/${id}/${what}`, token: cast.staff.admin.token });
      expect(done.status).toBe(204);
      await vi.waitUntil(async () => (await statusOf(token)) === 401, REVOKED);
    }
  });
});

describe('guessing', () => {
  const type = (begun: Begun, login: string, password: string) => steps.type(begun, login, password);

  it('T21: a hundred guesses of one account: strangers wait, its owner comes in where they are known', async () => {
    await person(attacked, 'Greta Guessed', ['customer']);
    const login = emailOf('Greta Guessed');
    const home = await steps.begin();
    const first = await type(home, login, PASSWORD);
    const device =
      cookiesOf(first)
        .find((line) => line.startsWith('florin_device='))
        ?.split(';', 1)[0] ?? '';
    expect(device).not.toBe('');
    const statuses = [];
    for (let guess = 0; guess < 100; guess += 1) {
      statuses.push((await type(await steps.begin(), login, `guess number ${guess}`)).status);
    }
    expect(statuses.slice(0, 3)).toEqual([401, 401, 401]);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(80);
    expectProblem(await type(await steps.begin(), login, PASSWORD), 429, 'sign-in-delayed');
    const again = await steps.begin();
    const known = { ...again, cookie: `${again.cookie}; ${device}` };
    expect((await type(known, login, PASSWORD)).status).toBe(200);
  });

  it('T23: one password against a list of names: it is not looked at any more, from wherever it comes', async () => {
    const statuses = [];
    for (let name = 0; name < 40; name += 1) {
      statuses.push((await type(await steps.begin(), `sprayed.${name}@example.com`, 'Sprayed-over-all-2026')).status);
    }
    expect(statuses.slice(0, 20).every((status) => status === 401)).toBe(true);
    expect(statuses.slice(20).every((status) => status === 429)).toBe(true);
    expect((await type(await steps.begin(), emailOf('Rita Reset'), PASSWORD)).status).toBe(200);
  });
});

it('T47: no token, password or address was logged on the way', () => {
  expectCleanLog(attacked);
  expect(attacked.logged()).not.toMatch(/reset-password#|canary-password-chosen/);
});
