import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestDatabase, testDatabase } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../../fixtures/browser.ts';
import { STAFF_LDIF } from '../../fixtures/directory-people.ts';
import { directorySettings, issuerSettings } from '../../fixtures/keepers.ts';
import {
  beginInteraction,
  callApi,
  type LoopbackUsers,
  listenUsers,
  openBrowser,
  PASSWORD,
  REDIRECT_URI,
  signUpPerson,
} from '../../fixtures/loopback-users.ts';
import {
  OUTSIDE_CLIENT,
  type OutsideIssuer,
  type Outsider,
  startOutsideIssuer,
} from '../../fixtures/outside-issuer.ts';
import { SERVICE_PASSWORD, type Slapd, startSlapd } from '../../fixtures/slapd.ts';
import { usersMigrations } from '../service.ts';

const OUTSIDERS: readonly Outsider[] = [
  outsider('otto', ['bank-teller', 'golf'], '1'),
  outsider('carla', ['golf'], '1'),
  outsider('gone', ['bank-teller'], '1', { isDisabled: true }),
  outsider('mfa', ['bank-teller'], '2'),
  outsider('taken', [], '1', { email: 'maria@example.com' }),
];

function outsider(login: string, roles: readonly string[], acr: string, more: Partial<Outsider> = {}): Outsider {
  const name = `${login} of head office`;
  return { login, password: `${login}'s own password`, email: `${login}@head.example`, name, roles, acr, ...more };
}

const files = mkdtempSync(join(tmpdir(), 'florin-identity-'));
let database: TestDatabase;
let users: LoopbackUsers;
let slapd: Slapd;
let outside: OutsideIssuer;
let another: OutsideIssuer;

beforeAll(async () => {
  database = await testDatabase(usersMigrations);
  slapd = await startSlapd(STAFF_LDIF);
  for (const [file, secret] of [
    ['ldap', SERVICE_PASSWORD],
    ['oidc', OUTSIDE_CLIENT.secret],
  ] as const) {
    writeFileSync(join(files, file), `${secret}\n`);
  }
  users = await listenUsers(database.url, {
    identityProviders: async (origin) => {
      const redirectUri = `${origin}/federation/callback`;
      outside = await startOutsideIssuer(OUTSIDERS, { redirectUri });
      another = await startOutsideIssuer(OUTSIDERS, { redirectUri });
      const secrets = { ldap: join(files, 'ldap'), oidc: join(files, 'oidc') };
      return [
        directorySettings(slapd, secrets),
        issuerSettings('head', outside, secrets),
        issuerSettings('other', another, secrets),
      ];
    },
  });
  await signUpPerson(users.origin, 'maria@example.com');
});

afterAll(async () => {
  await users?.close();
  await Promise.all([outside?.stop(), another?.stop(), slapd?.close()]);
  await database?.close();
  rmSync(files, { recursive: true, force: true });
});

/** Where a sign-in ends: with a code, at a question, or at a refusal. */
type Outcome = { readonly in: true } | { readonly asks: readonly string[] } | { readonly refused: string };

interface Keeper {
  readonly name: string;
  /** Signs in; everything that a person does from the page on. */
  signIn(login: string, password: string, browser?: Browser): Promise<Outcome>;
  readonly teller: string;
  readonly customer: string;
  /** Must not get in, with the right password. */
  readonly barred: readonly string[];
  emailOf(login: string): string;
  passwordOf(login: string): string;
}

const AUTHORISE = `/oidc/auth?${new URLSearchParams({
  client_id: 'florin-cli',
  redirect_uri: REDIRECT_URI,
  response_type: 'code',
  scope: 'openid bank',
  state: 's',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
})}`;

const ownPassword = (login: string): string => `${login}'s own password`;

function byPassword(provider: string | undefined) {
  return async (login: string, password: string, browser = openBrowser(users.origin)): Promise<Outcome> => {
    const interaction = await beginInteraction(browser, AUTHORISE);
    const answer = await browser.submit(interaction, { login, password, ...(provider && { provider }) });
    const body = JSON.parse(answer.text);
    if (answer.status === 202) return { asks: body.secondFactors };
    if (answer.status !== 200) return { refused: body.code };
    return arrived((await browser.get(body.location)).location);
  };
}

function byRedirect(provider: string) {
  return async (login: string, password: string, browser = openBrowser(users.origin)): Promise<Outcome> => {
    const interaction = await beginInteraction(browser, AUTHORISE);
    const begun = await browser.submit(`${interaction}/federation/${provider}`, {});
    if (begun.status !== 200) return { refused: JSON.parse(begun.text).code };
    const back = await atTheirPage(openBrowser(users.origin), JSON.parse(begun.text).location, login, password);
    if (back === undefined) return { refused: 'wrong-credentials' };
    return comeBack(browser, back);
  };
}

/** What a person does at the other issuer; where it sends them, or undefined while it does not let them in. */
async function atTheirPage(browser: Browser, address: string, login: string, password: string) {
  const { location: page } = await browser.get(address);
  const typed = await browser.post(page, { login, password });
  if (typed.status === 401) return undefined;
  return (await browser.get(typed.location)).location;
}

/** Follows the way back to where it ends. */
async function comeBack(browser: Browser, callback: string): Promise<Outcome> {
  const toInteraction = await browser.get(callback);
  const finished = await browser.get(toInteraction.location);
  const { pathname, searchParams } = new URL(finished.location);
  if (searchParams.has('problem')) return { refused: searchParams.get('problem') ?? '' };
  if (pathname.startsWith('/sign-in/')) {
    const interaction = await browser.ask(`/interaction/${pathname.split('/').at(-1)}`);
    return { asks: JSON.parse(interaction.text).secondFactors };
  }
  return arrived((await browser.get(finished.location)).location);
}

function arrived(address: string): Outcome {
  expect(new URL(address).searchParams.get('code')).toMatch(/^[\w-]{40,}$/);
  return { in: true };
}

const LOCAL: Keeper = {
  name: 'this bank',
  signIn: (login, password, browser) => byPassword(undefined)(`${login}@bank.example`, password, browser),
  teller: 'tina',
  customer: 'kurt',
  barred: ['kept-out'],
  passwordOf: () => PASSWORD,
  emailOf: (login) => `${login}@bank.example`,
};

const DIRECTORY: Keeper = {
  name: 'a directory',
  signIn: byPassword('staff'),
  teller: 'teri',
  customer: 'carl',
  barred: ['gone', 'locked', 'twin', 'printer'],
  passwordOf: ownPassword,
  emailOf: (login) => `${login}@bank.example`,
};

const ISSUER: Keeper = {
  name: 'another issuer',
  signIn: byRedirect('head'),
  teller: 'otto',
  customer: 'carla',
  barred: ['gone'],
  passwordOf: ownPassword,
  emailOf: (login) => `${login}@head.example`,
};

beforeAll(async () => {
  const register = (login: string, roles: string[]) =>
    callApi(users.origin, 'POST', '/internal/users', {
      token: 'service',
      body: { email: `${login}@bank.example`, password: PASSWORD, name: `${login} of the bank`, roles },
    });
  for (const [login, role] of [
    ['tina', 'teller'],
    ['kurt', 'customer'],
    ['kept-out', 'teller'],
  ] as const) {
    expect((await register(login, [role])).status, login).toBe(201);
  }
  await database.database.execute({
    text: `UPDATE person SET status = 'disabled' WHERE id = $1`,
    values: [(await personOf('kept-out@bank.example'))?.id],
  });
});

/** The person of an address, as staff would find them, with their roles. */
async function personOf(
  email: string,
): Promise<{ readonly id: string; readonly roles: readonly string[] } | undefined> {
  const rows = await database.database.query<{ id: string }>({ text: 'SELECT id FROM person', values: [] });
  for (const { id } of rows) {
    const { body } = await callApi(users.origin, 'GET', '/v1/me', { token: `person:${id}:customer` });
    if (body?.email === email) return { id, roles: body.roles };
  }
  return undefined;
}

describe.each([LOCAL, DIRECTORY, ISSUER])('$name vouches for people:', (keeper) => {
  it('lets in who it knows, with the roles that follow from their groups', async () => {
    for (const [login, roles] of [
      [keeper.teller, ['teller']],
      [keeper.customer, ['customer']],
    ] as const) {
      expect(await keeper.signIn(login, keeper.passwordOf(login)), login).toEqual({ in: true });
      expect((await personOf(keeper.emailOf(login)))?.roles, login).toEqual(roles);
    }
  });

  it('finds the same person the second time', async () => {
    const before = await personOf(keeper.emailOf(keeper.teller));
    expect(await keeper.signIn(keeper.teller, keeper.passwordOf(keeper.teller))).toEqual({ in: true });
    expect(await personOf(keeper.emailOf(keeper.teller))).toEqual(before);
  });

  it('keeps out a wrong password, an unknown name, no password, and who is barred there, all alike', async () => {
    const tries = [
      [keeper.teller, 'wrong'],
      ['nobody', 'wrong'],
      ...keeper.barred.map((login) => [login, keeper.passwordOf(login)] as const),
    ] as const;
    for (const [login, password] of tries) {
      expect(await keeper.signIn(login, password), login).toEqual({ refused: 'wrong-credentials' });
    }
  });

  it('T24: takes a name for a name and not for a pattern', async () => {
    for (const name of ['*', `${keeper.teller.slice(0, 2)}*`, `*)(uid=${keeper.teller}`, `${keeper.teller})(uid=*`]) {
      const outcome = await keeper.signIn(name, keeper.passwordOf(keeper.teller));
      expect(['wrong-credentials', 'sign-in-delayed'], name).toContain('refused' in outcome ? outcome.refused : 'in');
    }
  });

  it('asks for a second factor that somebody has here', async () => {
    await givePasskey(keeper.emailOf(keeper.customer));
    const outcome = await keeper.signIn(keeper.customer, keeper.passwordOf(keeper.customer));
    expect('asks' in outcome && outcome.asks).toContain('passkey');
    await database.database.execute({ text: 'DELETE FROM passkey', values: [] });
  });
});

const TELLER = "otto's own password";

describe('another issuer', () => {
  it('may be trusted for two factors, and then asks for no second one here', async () => {
    expect(await ISSUER.signIn('mfa', ownPassword('mfa'))).toEqual({ in: true });
    await givePasskey('mfa@head.example');
    expect(await ISSUER.signIn('mfa', ownPassword('mfa'))).toEqual({ in: true });
    await database.database.execute({ text: 'DELETE FROM passkey', values: [] });
  });

  it('links nobody by an address: who has it here signs in here', async () => {
    expect(await ISSUER.signIn('taken', ownPassword('taken'))).toEqual({ refused: 'email-taken' });
    expect(await byPassword(undefined)('maria@example.com', PASSWORD)).toEqual({ in: true });
  });

  it('is not the other one: the same name there is another person, who has no address here', async () => {
    expect(await ISSUER.signIn('otto', TELLER)).toEqual({ in: true });
    expect(await byRedirect('other')('otto', TELLER)).toEqual({ refused: 'email-taken' });
  });

  it('takes a role away with every sign-in that had it', async () => {
    expect(await ISSUER.signIn('otto', TELLER)).toEqual({ in: true });
    const otto = await personOf('otto@head.example');
    const [person] = OUTSIDERS.filter(({ login }) => login === 'otto');
    if (person === undefined || otto === undefined) throw new Error('otto is there');
    person.roles = ['golf'];
    users.published.length = 0;
    expect(await ISSUER.signIn('otto', TELLER)).toEqual({ in: true });
    person.roles = ['bank-teller', 'golf'];
    expect((await personOf('otto@head.example'))?.roles).toEqual(['customer']);
    await expect
      .poll(() => users.published.filter(({ type }) => type === 'users.sessions-revoked.v1').length)
      .toBeGreaterThan(0);
    expect(users.published.filter(({ data }) => data['userId'] === otto.id)).not.toEqual([]);
  });

  it('makes one person of two first sign-ins at once', async () => {
    await database.database.execute({ text: 'DELETE FROM identity WHERE subject = $1', values: ['f:mfa'] });
    await database.database.execute({
      text: `UPDATE person SET email_index = decode(md5(random()::text), 'hex') WHERE id = $1`,
      values: [(await personOf('mfa@head.example'))?.id],
    });
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => ISSUER.signIn('mfa', ownPassword('mfa'))));
    expect(outcomes).toEqual(Array(4).fill({ in: true }));
    const rows = await database.database.query({ text: 'SELECT FROM identity WHERE subject = $1', values: ['f:mfa'] });
    expect(rows).toHaveLength(1);
  });

  it('lets nobody in by a passkey alone, or by a password here', async () => {
    const otto = await personOf('otto@head.example');
    // The hash of a password that we know, as if a way had been found to set one.
    await database.database.execute({
      text: `UPDATE person SET password_hash = (SELECT password_hash FROM person WHERE id = $2) WHERE id = $1`,
      values: [otto?.id, (await personOf('maria@example.com'))?.id],
    });
    expect(await byPassword(undefined)('otto@head.example', PASSWORD)).toEqual({ refused: 'wrong-credentials' });
  });
});

describe('T14: who comes back from another issuer', () => {
  it('in another browser is nobody, and so is who is led there by a link', async () => {
    const { callback } = await sent('head');
    const victim = openBrowser(users.origin);
    const end = await victim.get((await victim.get(callback.href)).location);
    expect(end.location).not.toContain('code=');
    const begun = await sent('head');
    // Their own sign-in is under way too, and still this is not the answer to it.
    const { callback: strange } = await sent('head', 'carla');
    const led = new URL(begun.callback);
    led.searchParams.set('code', strange.searchParams.get('code') ?? '');
    expect(await comeBack(begun.browser, led.href)).toEqual({ refused: 'sign-in-failed' });
  });

  it('with the answer of another issuer is nobody', async () => {
    const [first, second] = [await sent('head'), await sent('other')];
    for (const mixed of ['code', 'iss']) {
      const { browser, callback } = mixed === 'code' ? first : await sent('head');
      callback.searchParams.set(mixed, second.callback.searchParams.get(mixed) ?? '');
      expect(await comeBack(browser, callback.href), mixed).toEqual({ refused: 'sign-in-failed' });
    }
  });

  it('comes back once', async () => {
    const { browser, callback } = await sent('head');
    expect(await comeBack(browser, callback.href)).toEqual({ in: true });
    const again = await browser.get((await browser.get(callback.href)).location);
    expect(again.location).not.toContain('code=');
  });

  it.each([
    ['without a state', { state: undefined }],
    ['with a state of nothing', { state: 'x' }],
    ['with a state that leads elsewhere', { state: '../../oidc/auth.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }],
    ['with an error', { code: undefined, error: 'access_denied' }],
    ['with a code that nobody gave', { code: 'made-up' }],
  ] as const)('%s is nobody', async (_, changes) => {
    const { browser, callback } = await sent('head');
    for (const [name, value] of Object.entries(changes)) {
      if (value === undefined) callback.searchParams.delete(name);
      else callback.searchParams.set(name, value);
    }
    const way = await browser.get(callback.href);
    expect(new URL(way.location).origin).toBe(users.origin);
    const end = await browser.get(way.location);
    expect([way.location, end.location].join()).not.toContain('callback?code=');
  });
});

describe('while nobody can be asked', () => {
  it('nobody gets in there, and everybody here', async () => {
    const { browser, callback } = await sent('head');
    await outside.stop();
    expect(await comeBack(browser, callback.href)).toEqual({ refused: 'provider-unavailable' });
    await slapd.stop();
    expect(await DIRECTORY.signIn('teri', ownPassword('teri'))).toEqual({ refused: 'provider-unavailable' });
    expect(await LOCAL.signIn('tina', PASSWORD)).toEqual({ in: true });
    expect(await byPassword('nowhere')('teri', 'x')).toEqual({ refused: 'provider-not-found' });
    expect(await byRedirect('staff')('teri', 'x')).toEqual({ refused: 'provider-not-found' });
  });
});

async function givePasskey(email: string): Promise<void> {
  await database.database.execute({
    text: `INSERT INTO passkey (id, person_id, credential_id, public_key, counter, transports, name_sealed)
           VALUES (gen_random_uuid(), $1, decode(md5(random()::text), 'hex'), '\\x00', 0, '{}', '\\x00')`,
    values: [(await personOf(email))?.id],
  });
}

/** A browser that was sent there, and where it would come back to. */
async function sent(provider: string, login = 'otto') {
  const browser = openBrowser(users.origin);
  const interaction = await beginInteraction(browser, AUTHORISE);
  const begun = await browser.submit(`${interaction}/federation/${provider}`, {});
  const callback = await atTheirPage(
    openBrowser(users.origin),
    JSON.parse(begun.text).location,
    login,
    ownPassword(login),
  );
  if (callback === undefined) throw new Error('they let nobody in');
  return { browser, interaction, callback: new URL(callback) };
}
