import { generateKeyPairSync } from 'node:crypto';
import { PASSWORD } from './attacked-bank.ts';
import {
  type Action,
  type Doing,
  did,
  eur,
  everybody,
  newcomer,
  openedAccount,
  post,
  type Stage,
} from './audited-stage.ts';
import { firstAccount, person } from './people.ts';

/** What one asked for and another one decides; who asked may not. */
export function approvalActions(
  service: string,
  action: string,
  ask: (stage: Stage) => Promise<{ readonly asked: Readonly<Record<string, unknown>>; readonly checker: string }>,
): Readonly<Record<string, Action>> {
  const decide =
    (how: 'approve' | 'reject'): Doing =>
    async (stage) => {
      const { asked, checker } = await ask(stage);
      return post(
        `/v1/approvals/${service.toLowerCase()}/${asked['id']}/${how}`,
        checker,
        how === 'reject' ? { reason: 'not so' } : undefined,
      );
    };
  return {
    // What is done then is on record under the request that asked for it.
    [`approveApprovalOf${service}`]: { done: decide('approve'), recorded: [`approvals.approved:${action}`] },
    [`rejectApprovalOf${service}`]: { done: decide('reject'), recorded: [`approvals.rejected:${action}`] },
  };
}

export async function largeDeposit({ attacked, cast: { bob, staff } }: Stage) {
  const body = { accountId: bob.accountId, amount: eur('5000.01') };
  return {
    asked: await did(attacked, post('/v1/deposits', staff.teller.token, body)),
    checker: staff.supervisor.token,
  };
}

export async function unfreezing(stage: Stage) {
  const { staff, bob } = stage.cast;
  const path = `/v1/accounts/${await openedAccount(stage)}`;
  await did(stage.attacked, post(`${path}/freeze`, bob.token, { reason: 'lost phone' }));
  const asked = await did(stage.attacked, post(`${path}/unfreeze`, staff.teller.token, { reason: 'phone was found' }));
  return { asked, checker: staff.supervisor.token };
}

let promoted = 0;

export async function promotion({ attacked, cast }: Stage) {
  promoted += 1;
  const { id } = await person(attacked, `Pia Promoted ${promoted}`, ['teller']);
  const second = await person(attacked, `Second Admin ${promoted}`, ['admin']);
  const asked = await did(attacked, post(`/v1/users/${id}/roles`, cast.staff.admin.token, { role: 'loan-officer' }));
  return { asked, checker: second.token };
}

/** A program that is not the bank's, as an administrator makes it known. */
function program(): Readonly<Record<string, unknown>> {
  const { kty, crv, x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  return {
    name: 'Ledgerly',
    redirectUris: ['https://ledgerly.example/back'],
    scopes: ['accounts:read'],
    keys: [{ kty, crv, x, y, kid: 'one' }],
  };
}

/** Operations on how people sign in and who is let in, and on programs that are not the bank's. */
export const ACCESS: Readonly<Record<string, Action>> = {
  askEmailConfirmation: {
    done: { changesNothing: 'it sends a mail; that the address was confirmed is on record' },
    denied: everybody,
  },
  changeMyEmail: {
    done: async (stage) => {
      const { token } = await newcomer(stage, 'Emma Email');
      return { method: 'PUT', path: '/v1/me/email', token, body: { email: 'emma.anew@example.com' } };
    },
    denied: async ({ attacked, cast }) => ({
      method: 'PUT',
      path: '/v1/me/email',
      token: await attacked.forge.token(cast.carol.id, ['customer']),
      body: { email: 'carol.anew@example.com' },
    }),
  },
  changeMyPassword: {
    done: async (stage) => {
      const { token } = await newcomer(stage, 'Paula Password');
      const body = { presentPassword: PASSWORD, password: 'canary-password-of-her-own' };
      return { method: 'PUT', path: '/v1/me/password', token, body };
    },
    denied: { nobody: 'it is one’s own; a wrong present password is on record as refused by the service' },
  },
  forgetMyDevice: {
    done: async (stage) => {
      const { token } = await newcomer(stage, 'Fay Forgets');
      const { data } = (await did(stage.attacked, { path: '/v1/me/devices', token })) as { data?: { id: string }[] };
      return { method: 'DELETE', path: `/v1/me/devices/${data?.[0]?.id}`, token };
    },
    denied: ({ cast }) => ({ method: 'DELETE', path: `/v1/me/devices/${'x'.repeat(43)}`, token: cast.bob.token }),
  },
  forgetMyDevices: {
    done: async (stage) => {
      const { token } = await newcomer(stage, 'Flo Forgets');
      return { method: 'DELETE', path: '/v1/me/devices', token };
    },
    denied: everybody,
  },
  endMySessions: {
    done: async (stage) => {
      const { token } = await newcomer(stage, 'Eve Everywhere');
      return { method: 'DELETE', path: '/v1/me/sessions', token };
    },
    denied: everybody,
  },
  disableUser: {
    done: async ({ attacked, cast }) => {
      const { id } = await person(attacked, 'Dan Disabled', ['customer']);
      return post(`/v1/users/${id}/disable`, cast.staff.admin.token);
    },
  },
  enableUser: {
    done: async ({ attacked, cast }) => {
      const { id } = await person(attacked, 'Ed Enabled', ['customer']);
      await did(attacked, post(`/v1/users/${id}/disable`, cast.staff.admin.token));
      return post(`/v1/users/${id}/enable`, cast.staff.admin.token);
    },
  },
  eraseUser: {
    done: async ({ attacked, cast }) => {
      const { id, token } = await person(attacked, 'Ella Erased', ['customer']);
      const account = await firstAccount(attacked, token);
      await did(attacked, post(`/v1/accounts/${account.id}/close`, token));
      return post(`/v1/users/${id}/erasure`, cast.staff.admin.token, { reason: 'left us' });
    },
  },
  endUserSessions: {
    done: async ({ attacked, cast }) => {
      const { id } = await person(attacked, 'Sid Session', ['customer']);
      return { method: 'DELETE', path: `/v1/users/${id}/sessions`, token: cast.staff.admin.token };
    },
  },
  revokeMyConsent: {
    done: { file: 'tests/attacks/fapi/happy-flow.test.ts', title: 'taken back' },
    denied: ({ cast }) => ({ method: 'DELETE', path: `/v1/me/consents/${'x'.repeat(43)}`, token: cast.bob.token }),
  },
  registerClient: { done: ({ cast }) => post('/v1/admin/clients', cast.staff.admin.token, program()) },
  disableClient: {
    done: async ({ attacked, cast }) => {
      const { id } = await did(attacked, post('/v1/admin/clients', cast.staff.admin.token, program()));
      return post(`/v1/admin/clients/${id}/disable`, cast.staff.admin.token);
    },
  },
};
