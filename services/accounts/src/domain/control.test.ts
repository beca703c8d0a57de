import { permissionsOf } from '@florin/contracts';
import { expect, it } from 'vitest';
import type { Account, AccountStatus } from './account.ts';
import type { Actor } from './actor.ts';
import { type ControlRequest, checkSecondPerson, decideControl } from './control.ts';

const ACCOUNT: Account = {
  id: 'a',
  iban: 'NL00FLRN0000000000',
  name: 'Current account',
  productCode: 'current-eur',
  currency: 'EUR',
  holderName: 'Owner',
  status: 'active',
  owners: ['owner', 'joint'],
  overdraftMinor: 0n,
  dailyLimitMinor: 1_000n,
  transferFeeMinor: 0n,
  controlVersion: 1,
  openedAtMs: 0,
};

function who(subject: string, ...roles: string[]): Actor {
  return { subject, roles, permissions: permissionsOf(roles), traceId: 't' };
}

const FREEZE: ControlRequest = { action: 'freeze', reason: 'lost phone' };
const UNFREEZE: ControlRequest = { action: 'unfreeze', reason: 'found phone' };
const CLOSE: ControlRequest = { action: 'close' };
const LIMIT: ControlRequest = { action: 'set-daily-limit', dailyLimitMinor: 5_000n, currency: 'EUR' };

const OWNER = who('owner', 'customer');
const JOINT = who('joint', 'customer');
const STRANGER = who('stranger', 'customer');
const TELLER = who('tessa', 'teller');
const SUPERVISOR = who('sam', 'supervisor');
const FRAUD = who('fay', 'fraud-analyst');
const AUDITOR = who('amir', 'auditor');
const OWNER_AT_WORK = who('owner', 'customer', 'teller');

it.each<[string, AccountStatus, ControlRequest, Actor, string]>([
  ['an owner freezes', 'active', FREEZE, OWNER, 'frozen 1000'],
  ['the other owner freezes', 'active', FREEZE, JOINT, 'frozen 1000'],
  ['a stranger learns nothing', 'active', FREEZE, STRANGER, 'account-not-found'],
  ['an auditor only reads', 'active', FREEZE, AUDITOR, 'account-not-found'],
  ['a fraud analyst freezes', 'active', FREEZE, FRAUD, 'frozen 1000'],
  ['a teller freezes nothing', 'active', FREEZE, TELLER, 'account-not-found'],
  ['a supervisor lifts no freeze alone', 'frozen', UNFREEZE, SUPERVISOR, 'account-not-found'],
  ['frozen twice is frozen', 'frozen', FREEZE, OWNER, 'unchanged'],
  ['an owner can not unfreeze', 'frozen', UNFREEZE, OWNER, 'staff-only'],
  ['staff unfreeze', 'frozen', UNFREEZE, TELLER, 'active 1000'],
  ['not on an account of their own', 'frozen', UNFREEZE, OWNER_AT_WORK, 'staff-only'],
  ['an active account is not unfrozen', 'active', UNFREEZE, TELLER, 'unchanged'],
  ['an owner closes', 'active', CLOSE, OWNER, 'closed 1000'],
  ['an owner can not close a frozen account', 'frozen', CLOSE, OWNER, 'account-frozen'],
  ['staff can', 'frozen', CLOSE, TELLER, 'closed 1000'],
  ['a fraud analyst closes nothing', 'active', CLOSE, FRAUD, 'account-not-found'],
  ['closed twice is closed', 'closed', CLOSE, OWNER, 'unchanged'],
  ['a stranger can not tell that it is closed', 'closed', CLOSE, STRANGER, 'account-not-found'],
  ['a closed account is not frozen', 'closed', FREEZE, FRAUD, 'account-closed'],
  ['a closing account is not frozen', 'closing', FREEZE, FRAUD, 'change-in-progress'],
  ['nor closed in another way', 'closing', CLOSE, OWNER, 'change-in-progress'],
  ['an account that opens must open first', 'opening', FREEZE, OWNER, 'account-opening'],
  ['staff set a limit', 'active', LIMIT, TELLER, 'active 5000'],
  ['a limit keeps the state', 'frozen', LIMIT, TELLER, 'frozen 5000'],
  ['an owner sets no limit', 'active', LIMIT, OWNER, 'staff-only'],
  ['the same limit is no change', 'active', { ...LIMIT, dailyLimitMinor: 1_000n }, TELLER, 'unchanged'],
  ['a limit in another currency', 'active', { ...LIMIT, currency: 'USD' }, TELLER, 'currency-mismatch'],
])('%s', (_what, status, request, actor, expected) => {
  const decision = decideControl({ ...ACCOUNT, status }, request, actor);
  const answer = !decision.ok
    ? decision.failure.code
    : decision.value === 'unchanged'
      ? 'unchanged'
      : `${decision.value.status} ${decision.value.dailyLimitMinor}`;
  expect(answer).toBe(expected);
});

const LOWER: ControlRequest = { ...LIMIT, dailyLimitMinor: 999n };

it.each<[string, ControlRequest, Actor, string]>([
  ['a freeze takes one', FREEZE, FRAUD, 'ok'],
  ['lifting it takes two', UNFREEZE, TELLER, 'second-person-required'],
  ['so it is done with a second one', UNFREEZE, { ...TELLER, secondPerson: 'sam' }, 'ok'],
  ['who is not the first one', UNFREEZE, { ...TELLER, secondPerson: 'tessa' }, 'second-person-required'],
  ['to raise a limit takes two', LIMIT, TELLER, 'second-person-required'],
  ['two may', LIMIT, { ...TELLER, secondPerson: 'sam' }, 'ok'],
  ['to lower it takes one', LOWER, TELLER, 'ok'],
  ['owners close what is theirs', CLOSE, OWNER, 'ok'],
  ['also at work', CLOSE, OWNER_AT_WORK, 'ok'],
  ['staff close nothing alone', CLOSE, TELLER, 'second-person-required'],
  ['two do', CLOSE, { ...TELLER, secondPerson: 'sam' }, 'ok'],
])('%s', (_what, request, actor, expected) => {
  const checked = checkSecondPerson(ACCOUNT, request, actor);
  expect(checked.ok ? 'ok' : checked.failure.code).toBe(expected);
});
