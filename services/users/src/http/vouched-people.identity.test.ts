import { sql } from '@florin/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from '../../fixtures/browser.ts';
import { callApi, PASSWORD } from '../../fixtures/loopback-users.ts';
import { comeBack, type Outcome, ownPassword, startVouchedUsers } from '../../fixtures/vouched-users.fixture.ts';

let stage: Awaited<ReturnType<typeof startVouchedUsers>>;

beforeAll(async () => {
  stage = await startVouchedUsers();
});

afterAll(() => stage?.close());

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

const LOCAL: Keeper = {
  name: 'this bank',
  signIn: (login, password, browser) => stage.byPassword(undefined)(`${login}@bank.example`, password, browser),
  teller: 'tina',
  customer: 'kurt',
  barred: ['kept-out'],
  passwordOf: () => PASSWORD,
  emailOf: (login) => `${login}@bank.example`,
};

const DIRECTORY: Keeper = {
  name: 'a directory',
  signIn: (...typed) => stage.byPassword('staff')(...typed),
  teller: 'teri',
  customer: 'carl',
  barred: ['gone', 'locked', 'twin', 'printer'],
  passwordOf: ownPassword,
  emailOf: (login) => `${login}@bank.example`,
};

const ISSUER: Keeper = {
  name: 'another issuer',
  signIn: (...typed) => stage.byRedirect('head')(...typed),
  teller: 'otto',
  customer: 'carla',
  barred: ['gone'],
  passwordOf: ownPassword,
  emailOf: (login) => `${login}@head.example`,
};

beforeAll(async () => {
  const register = (login: string, roles: string[]) =>
    callApi(stage.users.origin, 'POST', '/internal/users', {
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
  const keptOut = await stage.personOf('kept-out@bank.example');
  await stage.database.execute(sql`UPDATE person SET status = 'disabled' WHERE id = ${keptOut?.id ?? null}`);
});

describe.each([LOCAL, DIRECTORY, ISSUER])('$name vouches for people:', (keeper) => {
  it('lets in who it knows, with the roles that follow from their groups', async () => {
    for (const [login, roles] of [
      [keeper.teller, ['teller']],
      [keeper.customer, ['customer']],
    ] as const) {
      expect(await keeper.signIn(login, keeper.passwordOf(login)), login).toEqual({ in: true });
      expect((await stage.personOf(keeper.emailOf(login)))?.roles, login).toEqual(roles);
    }
  });

  it('finds the same person the second time', async () => {
    const before = await stage.personOf(keeper.emailOf(keeper.teller));
    expect(await keeper.signIn(keeper.teller, keeper.passwordOf(keeper.teller))).toEqual({ in: true });
    expect(await stage.personOf(keeper.emailOf(keeper.teller))).toEqual(before);
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
    await stage.givePasskey(keeper.emailOf(keeper.customer));
    const outcome = await keeper.signIn(keeper.customer, keeper.passwordOf(keeper.customer));
    expect('asks' in outcome && outcome.asks).toContain('passkey');
    await stage.database.execute(sql`DELETE FROM passkey`);
  });
});

describe('while nobody can be asked', () => {
  it('nobody gets in there, and everybody here', async () => {
    const { browser, callback } = await stage.sent('head');
    await stage.head.stop();
    expect(await comeBack(browser, callback.href)).toEqual({ refused: 'provider-unavailable' });
    await stage.slapd.stop();
    expect(await DIRECTORY.signIn('teri', ownPassword('teri'))).toEqual({ refused: 'provider-unavailable' });
    expect(await LOCAL.signIn('tina', PASSWORD)).toEqual({ in: true });
    expect(await stage.byPassword('nowhere')('teri', 'x')).toEqual({ refused: 'provider-not-found' });
    expect(await stage.byRedirect('staff')('teri', 'x')).toEqual({ refused: 'provider-not-found' });
  });
});
