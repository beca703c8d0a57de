import { Secret, TOTP } from 'otpauth';
import type { Attack } from './asking.ts';
import { newKey } from './attacked-bank.ts';
import { ACCESS, approvalActions, largeDeposit, promotion, unfreezing } from './audited-access.ts';
import {
  type Action,
  type Doing,
  did,
  type Elsewhere,
  eur,
  everybody,
  newcomer,
  openedAccount,
  post,
  type Stage,
} from './audited-stage.ts';
import { inAYear, person } from './people.ts';

async function withTotp(stage: Stage, name: string) {
  const { token } = await newcomer(stage, name);
  const { secret } = await did(stage.attacked, post('/v1/me/mfa/totp', token));
  const code = new TOTP({ secret: Secret.fromBase32(String(secret)) }).generate();
  return { token, confirm: post('/v1/me/mfa/totp/confirm', token, { code }) };
}

/** A change of factors that is proven with a recovery code. */
async function withRecoveryCode(stage: Stage, name: string, change: Pick<Attack, 'method' | 'path'>): Promise<Attack> {
  const { token, confirm } = await withTotp(stage, name);
  const { recoveryCodes } = (await did(stage.attacked, confirm)) as { recoveryCodes?: readonly string[] };
  return { ...change, token, headers: { 'x-second-factor': recoveryCodes?.[0] ?? '' } };
}

const staleSignIn =
  (method: 'POST' | 'DELETE', path: string): Doing =>
  async ({ attacked, cast }) => ({
    method,
    path,
    token: await attacked.forge.token(cast.carol.id, ['customer']),
  });

const SAGA_DESK: Elsewhere = {
  file: 'platform/saga/src/desk/saga-desk.db.test.ts',
  title: "['sam sagas.ask-retry', 'sue sagas.approved-retry']",
};
const WELCOMES: Elsewhere = {
  file: 'services/users/src/http/sagas.db.test.ts',
  title: "'sagas.approved-retry', 'approveSagaActionOfUsers'",
};
const PASSKEYS: Elsewhere = { file: 'services/users/src/http/passkeys.db.test.ts', title: "'passkey-removed'," };

async function sent({ attacked, cast: { bob, carol } }: Stage): Promise<string> {
  const body = { fromAccountId: bob.accountId, toIban: carol.iban, amount: eur('0.50') };
  return String((await did(attacked, post('/v1/transfers', bob.token, body)))['id']);
}

async function ordered({ attacked, cast: { bob, carol } }: Stage): Promise<string> {
  const body = {
    fromAccountId: bob.accountId,
    toIban: carol.iban,
    payeeName: 'Carol Counterparty',
    amount: eur('1.00'),
    frequency: 'monthly',
    startDate: inAYear(),
  };
  return String((await did(attacked, post('/v1/standing-orders', bob.token, body)))['id']);
}

/** Of an account and an order that somebody else holds. */
const hers = {
  account:
    (path: string, body: unknown): Doing =>
    ({ cast }) =>
      post(`/v1/accounts/${cast.alice.accountId}${path}`, cast.bob.token, body),
};

const sagaActions = (service: string, done: Elsewhere): Readonly<Record<string, Action>> => ({
  [`askForSagaActionOf${service}`]: { done },
  [`approveSagaActionOf${service}`]: { done },
  [`rejectSagaActionOf${service}`]: { done },
});

const CONFIRMATIONS: Elsewhere = {
  file: 'services/transactions/src/http/confirmations.db.test.ts',
  title: "['confirmation.ask', 'confirmation.answer', 'confirmation.use']",
};
const retry = (service: string): Action => ({
  done: ({ cast }) => ({ method: 'POST', path: `/v1/dead-letters/${service}/retry`, token: cast.staff.admin.token }),
});

/** Every operation that changes something and that somebody must be signed in for. One that is missing fails the build. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  updateMe: {
    done: ({ cast }) => ({ method: 'PATCH', path: '/v1/me', token: cast.bob.token, body: { name: 'Bob Burglar' } }),
    denied: everybody,
  },
  endMySession: {
    done: ({ cast }) => ({ method: 'DELETE', path: `/v1/me/sessions/${cast.bob.sessionId}`, token: cast.bob.token }),
    denied: ({ cast }) => ({
      method: 'DELETE',
      path: `/v1/me/sessions/${cast.alice.sessionId}`,
      token: cast.bob.token,
    }),
  },
  beginTotp: {
    done: { changesNothing: 'what is begun signs nobody in; that it was finished is on record' },
    denied: staleSignIn('POST', '/v1/me/mfa/totp'),
  },
  confirmTotp: {
    done: async (stage) => (await withTotp(stage, 'Tess Totp')).confirm,
    recorded: ['users.totp-added', 'users.recovery-codes-made'],
    denied: { nobody: 'only what was begun in a fresh sign-in is there to be confirmed' },
  },
  removeTotp: {
    done: (stage) => withRecoveryCode(stage, 'Rita Removes', { method: 'DELETE', path: '/v1/me/mfa/totp' }),
    recorded: ['users.recovery-code-used', 'users.totp-removed'],
    denied: staleSignIn('DELETE', '/v1/me/mfa/totp'),
  },
  makeRecoveryCodes: {
    done: (stage) => withRecoveryCode(stage, 'Rosa Renews', { method: 'POST', path: '/v1/me/mfa/recovery-codes' }),
    recorded: ['users.recovery-code-used', 'users.recovery-codes-made'],
    denied: staleSignIn('POST', '/v1/me/mfa/recovery-codes'),
  },
  beginPasskey: {
    done: { changesNothing: 'what is begun signs nobody in; that it was finished is on record' },
    denied: staleSignIn('POST', '/v1/me/mfa/passkeys/options'),
  },
  createPasskey: {
    done: PASSKEYS,
    denied: { nobody: 'only what was begun in a fresh sign-in is there to be finished' },
  },
  removePasskey: {
    done: PASSKEYS,
    denied: staleSignIn('DELETE', '/v1/me/mfa/passkeys/00000000-0000-7000-8000-000000000000'),
  },
  grantRole: {
    done: async ({ attacked, cast }) => {
      const { id } = await person(attacked, 'Grace Granted', ['teller']);
      return post(`/v1/users/${id}/roles`, cast.staff.admin.token, { role: 'loan-officer' });
    },
  },
  withdrawRole: {
    done: async ({ attacked, cast }) => {
      const { id } = await person(attacked, 'Walt Withdrawn', ['teller', 'loan-officer']);
      return { method: 'DELETE', path: `/v1/users/${id}/roles/loan-officer`, token: cast.staff.admin.token };
    },
  },
  discloseCustomer: {
    done: ({ cast }) =>
      post(`/v1/customers/${cast.alice.id}/disclosures`, cast.staff.teller.token, { reason: 'A letter came back' }),
    recorded: ['users.customer-disclosed'],
  },
  ...ACCESS,
  ...approvalActions('Users', 'roles.grant', promotion),
  ...sagaActions('Users', WELCOMES),
  retryDeadLettersOfUsers: retry('users'),
  openAccount: { done: ({ cast }) => post('/v1/accounts', cast.bob.token, { productCode: 'savings-eur' }) },
  updateAccount: {
    done: ({ cast }) => ({
      method: 'PATCH',
      path: `/v1/accounts/${cast.bob.secondAccountId}`,
      token: cast.bob.token,
      body: { name: 'For a rainy day' },
    }),
  },
  freezeAccount: {
    done: async (stage) =>
      post(`/v1/accounts/${await openedAccount(stage)}/freeze`, stage.cast.bob.token, { reason: 'lost phone' }),
    denied: hers.account('/freeze', { reason: 'because' }),
  },
  unfreezeAccount: {
    done: async (stage) => {
      const path = `/v1/accounts/${await openedAccount(stage)}`;
      await did(stage.attacked, post(`${path}/freeze`, stage.cast.bob.token, { reason: 'lost phone' }));
      return post(`${path}/unfreeze`, stage.cast.staff.teller.token, { reason: 'phone was found' });
    },
  },
  closeAccount: {
    done: async (stage) => post(`/v1/accounts/${await openedAccount(stage)}/close`, stage.cast.bob.token, {}),
    denied: hers.account('/close', {}),
  },
  ...approvalActions('Accounts', 'accounts.unfreeze', unfreezing),
  ...sagaActions('Accounts', SAGA_DESK),
  retryDeadLettersOfAccounts: retry('accounts'),
  createTransfer: {
    done: ({ cast: { bob, carol } }) =>
      post('/v1/transfers', bob.token, { fromAccountId: bob.accountId, toIban: carol.iban, amount: eur('0.75') }),
    denied: ({ cast: { alice, bob, carol } }) =>
      post('/v1/transfers', bob.token, { fromAccountId: alice.accountId, toIban: carol.iban, amount: eur('0.75') }),
  },
  reverseTransfer: {
    done: async (stage) =>
      post(`/v1/transfers/${await sent(stage)}/reversal`, stage.cast.staff.teller.token, { reason: 'a mistake' }),
  },
  createTransferBatch: {
    done: ({ cast: { bob, carol } }) => {
      const item = { key: newKey(), fromAccountId: bob.accountId, toIban: carol.iban, amount: eur('0.25') };
      return post('/v1/transfer-batches', bob.token, { mode: 'atomic', items: [item] });
    },
  },
  createDeposit: {
    done: ({ cast }) =>
      post('/v1/deposits', cast.staff.teller.token, { accountId: cast.bob.accountId, amount: eur('10.00') }),
  },
  createWithdrawal: {
    done: ({ cast }) =>
      post('/v1/withdrawals', cast.staff.teller.token, { accountId: cast.bob.accountId, amount: eur('5.00') }),
  },
  checkPayee: { done: { changesNothing: 'it compares a name; how often one may is limited' } },
  createPayee: {
    done: ({ cast }) => post('/v1/payees', cast.bob.token, { name: 'Myself', iban: cast.bob.secondIban }),
  },
  updatePayee: {
    done: ({ cast }) => ({
      method: 'PATCH',
      path: `/v1/payees/${cast.bob.payeeId}`,
      token: cast.bob.token,
      body: { name: 'Carol' },
    }),
  },
  deletePayee: {
    done: ({ cast }) => ({ method: 'DELETE', path: `/v1/payees/${cast.carol.payeeId}`, token: cast.carol.token }),
    denied: ({ cast }) => ({ method: 'DELETE', path: `/v1/payees/${cast.alice.payeeId}`, token: cast.bob.token }),
  },
  trustPayee: {
    done: async ({ attacked, cast: { bob } }) => {
      const claims = { sub: bob.id, roles: ['customer'], acr: 'urn:florin:acr:mfa', second_factor: true };
      const auth_time = Math.floor(Date.now() / 1_000);
      const token = await attacked.forge.changed({ claims: { ...claims, auth_time } });
      return { method: 'PUT', path: `/v1/payees/${bob.payeeId}/trust`, token };
    },
    denied: ({ cast }) => ({ method: 'PUT', path: `/v1/payees/${cast.alice.payeeId}/trust`, token: cast.bob.token }),
  },
  distrustPayee: {
    done: ({ cast }) => ({ method: 'DELETE', path: `/v1/payees/${cast.bob.payeeId}/trust`, token: cast.bob.token }),
    denied: ({ cast }) => ({ method: 'DELETE', path: `/v1/payees/${cast.alice.payeeId}/trust`, token: cast.bob.token }),
  },
  confirmPayment: {
    done: CONFIRMATIONS,
    denied: ({ cast }) =>
      post('/v1/confirmations/00000000-0000-7000-8000-000000000000', cast.bob.token, { code: '123456' }),
  },
  beginPasskeyConfirmation: {
    done: { changesNothing: 'what is begun confirms nothing; the answer to it is on record' },
    denied: ({ cast }) =>
      post('/v1/confirmations/00000000-0000-7000-8000-000000000000/passkey-options', cast.bob.token),
  },
  createStandingOrder: {
    done: ({ cast: { bob, carol } }) =>
      post('/v1/standing-orders', bob.token, {
        fromAccountId: bob.accountId,
        toIban: carol.iban,
        payeeName: 'Carol Counterparty',
        amount: eur('2.00'),
        frequency: 'monthly',
        startDate: inAYear(),
      }),
  },
  pauseStandingOrder: {
    done: async (stage) => post(`/v1/standing-orders/${await ordered(stage)}/pause`, stage.cast.bob.token),
  },
  resumeStandingOrder: {
    done: async (stage) => {
      const path = `/v1/standing-orders/${await ordered(stage)}`;
      await did(stage.attacked, post(`${path}/pause`, stage.cast.bob.token));
      return post(`${path}/resume`, stage.cast.bob.token);
    },
  },
  skipStandingOrder: {
    done: async (stage) =>
      post(`/v1/standing-orders/${await ordered(stage)}/skip`, stage.cast.bob.token, { date: inAYear() }),
  },
  cancelStandingOrder: {
    done: async (stage) => post(`/v1/standing-orders/${await ordered(stage)}/cancel`, stage.cast.bob.token),
    denied: ({ cast }) => post(`/v1/standing-orders/${cast.alice.standingOrderId}/cancel`, cast.bob.token),
  },
  runReconciliation: {
    done: ({ cast }) => post('/v1/ledger/reconciliations', cast.staff.supervisor.token, { mode: 'incremental' }),
  },
  ...approvalActions('Transactions', 'cash.deposit', largeDeposit),
  ...sagaActions('Transactions', SAGA_DESK),
  readNotification: {
    done: ({ cast }) => post(`/v1/notifications/${cast.bob.noticeId}/read`, cast.bob.token),
    denied: ({ cast }) => post(`/v1/notifications/${cast.alice.noticeId}/read`, cast.bob.token),
  },
  readAllNotifications: { done: ({ cast }) => post('/v1/notifications/read-all', cast.bob.token) },
  retryDeadLettersOfNotifications: retry('notifications'),
};
