import { vi } from 'vitest';
import type { Ask, Attack } from './asking.ts';
import { type AttackedBank, newKey } from './attacked-bank.ts';
import { FORGERIES } from './forgeries.ts';
import type { Cast, Customer } from './people.ts';

/** Whom an attack is made on, and by which door. */
export interface Scene {
  readonly attacked: AttackedBank;
  readonly cast: Cast & { readonly cookieOfAlice: string };
  readonly ask: Ask;
}

/** Answers whether the attack succeeded: whether the attacker got or did what they must not. */
export type NamedAttack = (scene: Scene) => Promise<boolean>;

const eur = (amount: string) => ({ amount, currency: 'EUR' });

function payment({ cast }: Scene, payer: Customer, amount: string): Attack {
  const body = { fromAccountId: payer.accountId, toIban: cast.carol.iban, amount: eur(amount) };
  return { method: 'POST', path: '/v1/transfers', token: payer.token, body };
}

const isAlices = ({ cast }: Scene, text: string): boolean => text.includes(cast.alice.id);

const forged = Object.fromEntries(
  Object.entries(FORGERIES).map(([name, forgery]): [string, NamedAttack] => [
    name,
    async (scene) => {
      const token = await forgery(scene.attacked.forge, scene.cast.alice.id);
      return isAlices(scene, (await scene.ask({ path: '/v1/me', token })).text);
    },
  ]),
);

/** What a bank with one of its controls taken away must fall to. */
export const NAMED_ATTACKS = {
  ...forged,
  'T07: a token of a session that was ended': async ({ attacked, ask }) => {
    const { accessToken } = await attacked.signIn('bob.burglar@example.com');
    const me = (by: Ask) => by({ path: '/v1/me', token: accessToken });
    const { body } = await attacked.ask({ path: '/v1/me/sessions', token: accessToken });
    const current = (body['data'] as { readonly id: string; readonly current: boolean }[]).find((one) => one.current);
    await attacked.ask({ method: 'DELETE', path: `/v1/me/sessions/${current?.id}`, token: accessToken });
    await vi.waitUntil(async () => (await me(attacked.ask)).status === 401, { timeout: 10_000, interval: 5 });
    return (await me(ask)).status === 200;
  },
  'T11: a refresh token that was used before': async ({ attacked, ask }) => {
    const { refreshToken } = await attacked.signIn('bob.burglar@example.com');
    const refresh = () =>
      ask({
        method: 'POST',
        path: '/oidc/token',
        text: new URLSearchParams({
          client_id: 'florin-cli',
          grant_type: 'refresh_token',
          refresh_token: refreshToken,
        }).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    await refresh();
    return (await refresh()).status === 200;
  },
  'T16: paying without the second factor one has': async (scene) => {
    const { bob } = scene.cast;
    const claims = { sub: bob.id, roles: ['customer'], sid: `sid-of-${bob.id}`, second_factor: true };
    const token = await scene.attacked.forge.changed({ claims });
    return (await scene.ask({ ...payment(scene, bob, '31.00'), token, key: newKey() })).status === 201;
  },
  'T25: reading what is somebody else’s': async (scene) => {
    const { alice, bob } = scene.cast;
    const seen = await scene.ask({ path: `/v1/accounts/${alice.accountId}`, token: bob.token });
    return seen.text.includes(alice.iban);
  },
  'T25: telling what is somebody else’s from what is not there': async ({ cast, ask }) => {
    const { alice, bob } = cast;
    const codeOf = async (id: string) => (await ask({ path: `/v1/transfers/${id}`, token: bob.token })).body['code'];
    return (await codeOf(alice.transferId)) !== (await codeOf(bob.payeeId));
  },
  'T26: paying with somebody else’s account': async (scene) => {
    const { alice, bob } = scene.cast;
    const seen = await scene.ask({ ...payment(scene, alice, '1.00'), token: bob.token, key: newKey() });
    return seen.status === 201;
  },
  'T27: doing what one’s role may not': async ({ cast, ask }) =>
    (await ask({ path: '/v1/ledger/trial-balance', token: cast.bob.token })).status === 200,
  'T28: saying what is not theirs to say': async (scene) => {
    const attack = payment(scene, scene.cast.bob, '1.00');
    const body = { ...(attack.body as object), status: 'completed', actor: scene.cast.alice.id };
    return (await scene.ask({ ...attack, body, key: newKey() })).status < 300;
  },
  'T32: spending more than there is': async (scene) => {
    const { attacked, cast } = scene;
    const list = { path: `/v1/accounts/${cast.bob.secondAccountId}/balance`, token: cast.bob.token };
    const balance = (await attacked.ask(list)).body['posted'] as { readonly amount: string };
    const body = {
      fromAccountId: cast.bob.secondAccountId,
      toIban: cast.carol.iban,
      amount: eur((Number(balance.amount) + 1).toFixed(2)),
    };
    const attack = { method: 'POST', path: '/v1/transfers', token: cast.bob.token, key: newKey(), body } as const;
    return (await scene.ask(attack)).status === 201;
  },
  'T33: one key, and money that moves twice': async (scene) => {
    const key = newKey();
    const send = () => scene.ask({ ...payment(scene, scene.cast.bob, '1.00'), key });
    const answers = [await send(), await send()];
    return new Set(answers.map(({ body }) => body['id'])).size === 2;
  },
  'T37: a change that another page asks for': async ({ cast, ask }) => {
    const cookie = cast.cookieOfAlice;
    const attack = { method: 'POST', path: '/v1/notifications/read-all' } as const;
    return (await ask({ ...attack, headers: { cookie, origin: 'http://evil.example' } })).status === 200;
  },
  'T40: a header that says who is asking': async (scene) => {
    const headers = { 'x-user-id': scene.cast.alice.id };
    return isAlices(scene, (await scene.ask({ path: '/v1/me', headers })).text);
  },
  'T42: a path that can be read in two ways': async (scene) => {
    const seen = await scene.ask({ path: '/v1/products/%2e%2e/me', token: scene.cast.alice.token });
    return isAlices(scene, seen.text);
  },
  'T46: more requests than the limit': async ({ cast, ask }) => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask({ path: '/v1/me', token: cast.bob.token })));
    return answers.every(({ status }) => status === 200);
  },
} satisfies Readonly<Record<string, NamedAttack>>;

export type AttackName = keyof typeof NAMED_ATTACKS;
