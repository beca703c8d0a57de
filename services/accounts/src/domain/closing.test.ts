import { expect, it } from 'vitest';
import type { Account } from './account.ts';
import type { Actor } from './actor.ts';
import { decideClosing } from './closing.ts';

function accountOf(id: string, ...owners: string[]): Account {
  return {
    id,
    iban: `NL00FLRN000000000${id}`,
    name: 'Current account',
    productCode: 'current-eur',
    currency: 'EUR',
    holderName: 'Owner',
    status: 'active',
    owners,
    overdraftMinor: 0n,
    dailyLimitMinor: 1_000n,
    transferFeeMinor: 0n,
    controlVersion: 1,
    openedAtMs: 0,
  };
}

const MIA: Actor = {
  subject: 'mia',
  roles: ['customer'],
  permissions: new Set(['accounts:close:own']),
  traceId: 't',
  confirmsPayments: true,
};
const MIA_WITHOUT_FACTOR: Actor = { ...MIA, confirmsPayments: false };
const TELLER: Actor = { ...MIA, subject: 'tessa', roles: ['teller'], permissions: new Set(['accounts:close:any']) };

it.each<[string, Account, Account, Actor, string]>([
  ['from one’s own account into another', accountOf('1', 'mia'), accountOf('2', 'mia'), MIA, 'begins'],
  ['into somebody else’s', accountOf('1', 'mia'), accountOf('2', 'bob'), MIA, 'rest-to-others'],
  ['into one that is shared', accountOf('1', 'mia'), accountOf('2', 'mia', 'bob'), MIA, 'rest-to-others'],
  ['of what is shared into one’s own', accountOf('1', 'mia', 'bob'), accountOf('2', 'mia'), MIA, 'rest-to-others'],
  [
    'into somebody else’s, by who confirms nothing',
    accountOf('1', 'mia'),
    accountOf('2', 'bob'),
    MIA_WITHOUT_FACTOR,
    'begins',
  ],
  ['into somebody else’s, at the counter', accountOf('1', 'mia'), accountOf('2', 'bob'), TELLER, 'begins'],
])('a closing %s', (_, account, target, actor, wanted) => {
  const decided = decideClosing(account, target, actor);
  expect(decided.ok ? 'begins' : decided.failure.code).toBe(wanted);
});
