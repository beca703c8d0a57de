import { expect } from 'vitest';
import type { Seen } from './asking.ts';
import { type AttackedBank, newKey } from './attacked-bank.ts';
import { firstAccount, type Person, payIn, person } from './people.ts';

export const eur = (amount: string) => ({ amount, currency: 'EUR' });

export interface Payment {
  readonly fromAccountId: string;
  readonly toIban?: string;
  readonly toAccountId?: string;
  readonly amount: unknown;
}

export function send({ ask }: AttackedBank, payer: Person, body: Payment, key = newKey()): Promise<Seen> {
  return ask({ method: 'POST', path: '/v1/transfers', token: payer.token, key, body });
}

/** Somebody with one account and so much on it. */
export async function openPayer(
  attacked: AttackedBank,
  teller: string,
  name: string,
  amount: string,
): Promise<Person & { readonly accountId: string }> {
  const payer = await person(attacked, name, ['customer']);
  const { id: accountId } = await firstAccount(attacked, payer.token);
  await payIn(attacked, teller, accountId, amount);
  return { ...payer, accountId };
}

/** What the ledger itself says is on an account, in minor units. */
export async function postedMinor({ bank, askService }: AttackedBank, accountId: string): Promise<string> {
  const gateway = { subject: 'service:gateway', kind: 'service', roles: [] } as const;
  const token = await bank.tokens.mint(gateway, 'transactions');
  const { body } = await askService('transactions')({ path: `/internal/accounts/${accountId}`, token });
  return String(body['postedMinor']);
}

/** Has the bank prove its books, as a supervisor does. */
export async function proveBooks({ ask }: AttackedBank, supervisor: string): Promise<void> {
  const path = '/v1/ledger/reconciliations';
  const proof = await ask({ method: 'POST', path, token: supervisor, body: { mode: 'full' } });
  expect(proof.body).toMatchObject({ balanced: true, findings: [] });
}
