import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProcessFetch } from '../../tools/in-process-fetch.ts';
import { openWebBrowser } from '../e2e/web-browser.ts';
import { secretsIn } from './answers.ts';
import { type Ask, type Attack, askThrough, PUBLIC_URL } from './asking.ts';
import { type AttackedBank, emailOf, newKey, PASSWORD, startAttackedBank } from './attacked-bank.ts';
import { encoded } from './forge.ts';
import { type AttackName, NAMED_ATTACKS, type NamedAttack, type Scene } from './named-attacks.ts';
import { castOf } from './people.ts';
import { credulousService, credulousVerifier, mintingFor, openRoutes, weakenedDoor } from './weakened.ts';

let attacked: AttackedBank;
let scene: Scene;
beforeAll(async () => {
  attacked = await startAttackedBank();
  const cast = await castOf(attacked);
  scene = { attacked, ask: attacked.ask, cast: { ...cast, cookieOfAlice: await cookieOfAlice() } };
});
afterAll(() => attacked.close());

async function cookieOfAlice(): Promise<string> {
  const fetch = inProcessFetch(attacked.bank.gateway);
  let cookie = '';
  const browser = openWebBrowser(
    PUBLIC_URL,
    (address, init) => {
      if (address.includes('/v1/')) cookie = init.headers['cookie'] ?? '';
      return fetch(address, init);
    },
    'a browser',
  );
  await browser.signIn(emailOf('Alice Attacked'), PASSWORD);
  await browser.send('GET', '/v1/me');
  return cookie;
}

/** Asks what was asked for, after changing it: what a careless part in front of the bank would do. */
const carelessly = (change: (attack: Attack) => Attack | Promise<Attack>) => (): Ask => async (attack) =>
  attacked.ask(await change(attack));

const KNOWN = new Set(['fromAccountId', 'toIban', 'amount']);
const withKnownFieldsOnly = (body: unknown) =>
  Object.fromEntries(Object.entries(body as object).filter(([name]) => KNOWN.has(name)));

/** Trusts what the caller says of themselves in a header, as if a proxy of ours had set it. */
async function believingHeaders(attack: Attack): Promise<Attack> {
  const subject = attack.headers?.['x-user-id'];
  return subject === undefined ? attack : { ...attack, token: await attacked.forge.token(subject, ['customer']) };
}

/** Lets any page of anybody’s act with a cookie. */
async function vouchingForPages(attack: Attack): Promise<Attack> {
  const cookie = attack.headers?.['cookie'];
  if (cookie === undefined) return attack;
  const { body } = await attacked.ask({ path: '/session', headers: { cookie } });
  return { ...attack, headers: { cookie, origin: PUBLIC_URL, 'x-florin-csrf': String(body['csrf']) } };
}

const unescaped = (attack: Attack): Attack => ({
  ...attack,
  path: new URL(decodeURIComponent(attack.path), PUBLIC_URL).pathname,
});

const NEVER_REFILLED = 0.000_001;
const STRICT_LIMITS = { caller: { ratePerSecond: NEVER_REFILLED, burst: 10 } };

interface Control {
  /** The bank without it. */
  readonly off: () => Ask | Promise<Ask>;
  /** With it on; the bank as it is when absent. */
  readonly on?: () => Ask | Promise<Ask>;
  readonly attacks: readonly AttackName[];
}

const asAlice = () =>
  mintingFor(attacked.bank, (principal) =>
    principal.kind === 'person' ? { ...principal, subject: scene.cast.alice.id } : principal,
  );
const asEverybody = () =>
  mintingFor(attacked.bank, (principal) =>
    principal.kind === 'person' ? { ...principal, roles: ['customer', 'supervisor'] } : principal,
  );

const FORGED = (Object.keys(NAMED_ATTACKS) as AttackName[])
  .filter((name) => /^T0[1-6]/.test(name))
  // It says of nobody that they are asking, so there is nobody to take it for; and the users service knows no such person.
  .filter((name) => !['T06: of nobody', 'T05: of a service'].includes(name));

const CONTROLS: Readonly<Record<string, Control>> = {
  'T01 to T06: the check of access tokens': {
    off: () => weakenedDoor(attacked, { accessTokens: credulousVerifier }),
    attacks: FORGED,
  },
  'T07: the list of what was revoked': {
    off: () => weakenedDoor(attacked, {}),
    attacks: ['T07: a token of a session that was ended'],
  },
  'T16: who has a second factor is asked for it': {
    off: () =>
      weakenedDoor(attacked, {
        internalTokens: mintingFor(attacked.bank, (principal) => ({ ...principal, hasSecondFactor: false })),
      }),
    attacks: ['T16: paying without the second factor one has'],
  },
  'T25, T26: whose an object is': {
    off: () => weakenedDoor(attacked, { internalTokens: asAlice() }),
    attacks: ['T25: reading what is somebody else’s', 'T26: paying with somebody else’s account'],
  },
  'T25: one answer for what is another’s and what is not there': {
    off: () => async (attack) => {
      const seen = await attacked.ask(attack);
      const isThere = attack.path.includes(scene.cast.alice.transferId);
      return isThere ? { ...seen, status: 403, body: { ...seen.body, code: 'forbidden' } } : seen;
    },
    attacks: ['T25: telling what is somebody else’s from what is not there'],
  },
  'T27: the roles of an operation, in the gateway and in the service': {
    off: () => weakenedDoor(attacked, { routes: openRoutes, internalTokens: asEverybody() }),
    attacks: ['T27: doing what one’s role may not'],
  },
  'T28: fields that no contract has': {
    off: carelessly((attack) => ({ ...attack, body: withKnownFieldsOnly(attack.body) })),
    attacks: ['T28: saying what is not theirs to say'],
  },
  'T33: the key of a request': {
    off: carelessly((attack) => ({ ...attack, key: newKey() })),
    attacks: ['T33: one key, and money that moves twice'],
  },
  'T37: whose page asks': {
    off: carelessly(vouchingForPages),
    attacks: ['T37: a change that another page asks for'],
  },
  'T40: who is asking is in the token alone': {
    off: carelessly(believingHeaders),
    attacks: ['T40: a header that says who is asking'],
  },
  'T42: a path has one reading': {
    on: () => attacked.askPort,
    off: () => (attack) => attacked.askPort(unescaped(attack)),
    attacks: ['T42: a path that can be read in two ways'],
  },
  'T46: the limit of a caller': {
    on: () => weakenedDoor(attacked, { limits: STRICT_LIMITS }),
    off: () => weakenedDoor(attacked, { limits: { caller: { ratePerSecond: 10_000, burst: 10_000 } } }),
    attacks: ['T46: more requests than the limit'],
  },
};

const attackOf = (name: AttackName): NamedAttack => NAMED_ATTACKS[name];

describe('with a control taken away, what it holds off succeeds: the tests can fail', () => {
  const cases = Object.entries(CONTROLS).flatMap(([name, control]) =>
    control.attacks.map((attack) => [attack, name, control] as const),
  );

  it.each(cases)('%s, without %s', async (attack, _, { on, off }) => {
    const held = await attackOf(attack)({ ...scene, ask: (await on?.()) ?? attacked.ask });
    expect(held, 'with the control').toBe(false);
    expect(await attackOf(attack)({ ...scene, ask: await off() }), 'without it').toBe(true);
  });

  it('T27: the roles of an operation hold in the service alone, should the gateway ask for none', async () => {
    const ask = await weakenedDoor(attacked, { routes: openRoutes });
    expect(await attackOf('T27: doing what one’s role may not')({ ...scene, ask })).toBe(false);
  });

  it('T40: a service that believes an internal token tells Alice’s notices to who made it up', async () => {
    const service = await credulousService(attacked);
    const { alice } = scene.cast;
    const token = `${encoded({ alg: 'none' })}.${encoded({ sub: alice.id })}.`;
    const path = '/v1/notifications';
    expect((await attacked.askService('notifications')({ path, token })).status).toBe(401);
    expect((await askThrough(service)({ path, token })).text).toContain(alice.noticeId);
    await service.close();
  });

  it('T11: a refresh token that the store does not mark as used is good for ever', async () => {
    const attack = attackOf('T11: a refresh token that was used before');
    expect(await attack(scene)).toBe(false);
    await attacked.stores.harm(
      'users',
      `CREATE FUNCTION attack.forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.consumed_at := NULL; RETURN NEW; END $$;
       CREATE TRIGGER attack_forget BEFORE UPDATE ON public.oidc_record FOR EACH ROW EXECUTE FUNCTION attack.forget();`,
    );
    try {
      expect(await attack(scene)).toBe(true);
    } finally {
      await attacked.stores.harm('users', 'DROP TRIGGER attack_forget ON public.oidc_record');
    }
  });

  it('T32: a ledger that thinks there is an overdraft lets more be spent than there is', async () => {
    const attack = attackOf('T32: spending more than there is');
    expect(await attack(scene)).toBe(false);
    const account = [scene.cast.bob.secondAccountId];
    await attacked.stores.harm('transactions', 'UPDATE account SET overdraft = 1000000 WHERE id = $1', account);
    expect(await attack(scene)).toBe(true);
  });

  it('T47: a secret in a log or an answer is found', async () => {
    const token = await attacked.forge.token('somebody', ['customer']);
    expect(secretsIn(attacked.logged())).toEqual([]);
    for (const secret of [token, PASSWORD, '$argon2id$v=19$m=19456']) {
      expect(secretsIn(`${attacked.logged()}{"headers":{"x":"${secret}"}}`)).not.toEqual([]);
    }
  });
});
