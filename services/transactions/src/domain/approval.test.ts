import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type ApprovalRequest, type Confirmation, canonicalPayment, decideApproval } from './approval.ts';
import type { Linked } from './challenge.ts';
import type { Exempted } from './payment-risk.ts';

const PAYMENT: Linked = {
  kind: 'transfer',
  debitAccountId: 'a',
  payeeIban: 'NL1',
  amountMinor: 250_00n,
  currency: 'EUR',
  reference: '',
  terms: ['b'],
};
const digest = (text: string) => hash('sha256', text, 'base64url');
const linkedHash = (linked: Linked, nonce: string) => digest(canonicalPayment(linked, nonce));
const REQUEST: ApprovalRequest = {
  subject: 'mia',
  sessionId: 'here',
  hasSecondFactor: true,
  roles: ['customer'],
  traceId: '',
  payee: { standing: 'new', iban: 'NL1', name: null },
  confirmationId: null,
  draft: { id: 'c', nonce: 'n', expiresAtMs: 300_000 },
  digest,
};
const GOOD: Confirmation = {
  id: 'c',
  subject: 'mia',
  sessionId: 'here',
  nonce: 'n',
  hash: linkedHash(PAYMENT, 'n'),
  isConfirmed: true,
  isUsed: false,
  isOpen: true,
  expiresAtMs: 300_000,
};

function decided(
  more: {
    request?: Partial<ApprovalRequest>;
    payment?: Partial<Linked>;
    kept?: Partial<Confirmation> | null;
    exempted?: Exempted;
    owners?: string[];
  } = {},
) {
  const { kept = {}, exempted, owners = ['mia'] } = more;
  const view = {
    exempted: () => exempted,
    confirmation: (id: string) => (kept === null || id !== 'c' ? undefined : { ...GOOD, ...kept }),
  };
  const result = decideApproval(view, { ...REQUEST, ...more.request }, { ...PAYMENT, ...more.payment }, owners);
  return result.ok ? result.value : result.failure;
}

describe('whether a payment is approved', () => {
  it('asks for what it is, tied to its hash', () => {
    const asked = decided();
    expect(asked).toMatchObject({ code: 'confirmation-required', challenge: { ...PAYMENT, id: 'c', hash: GOOD.hash } });
  });

  it('takes its own confirmation, which starts the count anew', () => {
    const exempted = { inARow: 5, totalMinor: 100_00n };
    expect(decided({ request: { confirmationId: 'c' }, exempted })).toMatchObject({
      accountId: 'a',
      subject: 'mia',
      exempted: { inARow: 0, totalMinor: 0n },
      used: { confirmationId: 'c' },
    });
  });

  const mine = { confirmationId: 'c' };
  it.each<[string, Parameters<typeof decided>[0]]>([
    ['no such one', { kept: null }],
    ['not answered', { kept: { isConfirmed: false } }],
    ['used', { kept: { isUsed: true } }],
    ['over', { kept: { isOpen: false } }],
    ['somebody else’s', { kept: { subject: 'eve' } }],
    ['of another sign-in', { kept: { sessionId: 'there' } }],
    ['of another amount', { payment: { amountMinor: 250_01n } }],
    ['of another currency', { payment: { currency: 'USD' } }],
    ['of another payee', { payment: { payeeIban: 'NL2' } }],
    ['of another account', { payment: { debitAccountId: 'z' } }],
    ['of another reference', { payment: { reference: 'rent' } }],
    ['of a standing order', { payment: { kind: 'standing-order' } }],
    ['one that is not needed', { payment: { amountMinor: 1n } }],
  ])('refuses a confirmation that is %s', (_, more) => {
    expect(decided({ request: mine, ...more })).toMatchObject({ code: 'confirmation-refused' });
  });

  it('tells who has no second factor to get one, and lets them pay what is exempt', () => {
    const request = { hasSecondFactor: false };
    expect(decided({ request })).toMatchObject({ code: 'second-factor-needed' });
    expect(decided({ request, payment: { amountMinor: 30_00n } })).toMatchObject({
      exempted: { inARow: 1, totalMinor: 30_00n },
    });
  });

  it('exempts one payment and no standing order: that is many', () => {
    const payment = { kind: 'standing-order', amountMinor: 1n } as const;
    expect(decided({ payment })).toMatchObject({ code: 'confirmation-required' });
  });

  it('counts nothing for an account of one’s own, and asks when the money is shared', () => {
    const request = { payee: { standing: 'own', iban: 'NL1', name: null } } as const;
    expect(decided({ request })).toMatchObject({ exempted: null, used: null });
    expect(decided({ request, owners: ['mia', 'bob'] })).toMatchObject({ code: 'confirmation-required' });
  });
});

describe('the hash of a payment', () => {
  it('is no other payment’s, however its texts are cut', () => {
    const one = linkedHash({ ...PAYMENT, reference: 'ab', terms: ['c'] }, 'n');
    const other = linkedHash({ ...PAYMENT, reference: 'a', terms: ['bc'] }, 'n');
    expect(one).not.toBe(other);
    expect(linkedHash(PAYMENT, 'm')).not.toBe(GOOD.hash);
    expect(GOOD.hash).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});
