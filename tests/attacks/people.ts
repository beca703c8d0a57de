import { ROLES, type Role } from '@florin/contracts';
import { vi } from 'vitest';
import type { Seen } from './asking.ts';
import { type AttackedBank, emailOf, newKey } from './attacked-bank.ts';

const SOON = { timeout: 20_000, interval: 20 };
/** Chores of the services run once a second. */
const SETTLING = { timeout: 20_000, interval: 300 };

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly token: string;
}

/** Somebody who banks here, with one of everything that a customer can have. */
export interface Customer extends Person {
  readonly accountId: string;
  readonly iban: string;
  readonly secondAccountId: string;
  readonly secondIban: string;
  readonly payeeId: string;
  readonly standingOrderId: string;
  /** Paid to the person whom everybody pays. */
  readonly transferId: string;
  readonly noticeId: string;
  /** A line of the history of the first account. */
  readonly lineId: string;
  /** A sign-in of theirs with a password, besides the token that they carry here. */
  readonly sessionId: string;
}

/** Alice has what Bob wants; Carol is whom both pay, so that neither may know of the other. */
export interface Cast {
  readonly alice: Customer;
  readonly bob: Customer;
  readonly carol: Customer;
  /** One for each role. */
  readonly staff: Readonly<Record<Role, Person>>;
}

export async function castOf(attacked: AttackedBank): Promise<Cast> {
  const staff = Object.fromEntries(
    await Promise.all(ROLES.map(async (role) => [role, await person(attacked, `Only ${role}`, [role])] as const)),
  ) as Record<Role, Person>;
  const { token: teller } = staff.teller;
  const carol = await customer(attacked, 'Carol Counterparty', teller, undefined);
  const [alice, bob] = await Promise.all([
    customer(attacked, 'Alice Attacked', teller, carol.iban),
    customer(attacked, 'Bob Burglar', teller, carol.iban),
  ]);
  return { alice, bob, carol, staff };
}

export async function person(attacked: AttackedBank, name: string, roles: readonly Role[]): Promise<Person> {
  const id = await attacked.register(name, roles);
  return { id, name, token: await attacked.forge.token(id, roles) };
}

async function customer(
  attacked: AttackedBank,
  name: string,
  teller: string,
  pays: string | undefined,
): Promise<Customer> {
  const { id, token } = await person(attacked, name, ['customer']);
  const first = await firstAccount(attacked, token);
  const opened = await did(attacked, token, '/v1/accounts', { productCode: 'savings-eur', name: `Savings of ${name}` });
  const second = { id: String(opened['id']), iban: String(opened['iban']) };
  for (const accountId of [first.id, second.id]) await payIn(attacked, teller, accountId, '1000.00');
  const toIban = pays ?? second.iban;
  const payee = await did(attacked, token, '/v1/payees', { name: 'Carol Counterparty', iban: toIban });
  const amount = { amount: '1.25', currency: 'EUR' };
  const transfer = await did(attacked, token, '/v1/transfers', {
    fromAccountId: first.id,
    toIban,
    amount,
    reference: `canary-reference-of-${name.split(' ')[0]}`,
  });
  const order = await did(attacked, token, '/v1/standing-orders', {
    fromAccountId: first.id,
    toIban,
    payeeName: 'Carol Counterparty',
    amount,
    frequency: 'monthly',
    startDate: inAYear(),
  });
  return {
    id,
    name,
    token,
    accountId: first.id,
    iban: first.iban,
    secondAccountId: second.id,
    secondIban: second.iban,
    payeeId: String(payee['id']),
    transferId: String(transfer['id']),
    standingOrderId: String(order['id']),
    noticeId: await firstNotice(attacked, token),
    lineId: await firstLine(attacked, token, first.id),
    sessionId: await signedInSession(attacked, name, token),
  };
}

export async function firstAccount(
  attacked: AttackedBank,
  token: string,
): Promise<{ readonly id: string; readonly iban: string }> {
  type Found = { readonly id: string; readonly iban: string; readonly status: string };
  return vi.waitUntil(async () => {
    const { body } = await attacked.ask({ path: '/v1/accounts', token });
    return (body['data'] as Found[]).find(({ status }) => status === 'active');
  }, SOON);
}

async function firstNotice(attacked: AttackedBank, token: string): Promise<string> {
  const notice = await vi.waitUntil(async () => {
    const { body } = await attacked.ask({ path: '/v1/notifications', token });
    return (body['data'] as { readonly id: string }[])[0];
  }, SOON);
  return notice.id;
}

async function firstLine(attacked: AttackedBank, token: string, accountId: string): Promise<string> {
  const line = await vi.waitUntil(async () => {
    const { body } = await attacked.ask({ path: `/v1/accounts/${accountId}/transactions`, token });
    const lines = body['data'] as { readonly id: string }[];
    // The deposit and the transfer: more than one page of one.
    return lines.length > 1 ? lines[0] : undefined;
  }, SOON);
  return line.id;
}

async function signedInSession(attacked: AttackedBank, name: string, token: string): Promise<string> {
  await attacked.signIn(emailOf(name));
  const { body } = await attacked.ask({ path: '/v1/me/sessions', token });
  return (body['data'] as { readonly id: string }[])[0]?.id ?? '';
}

export async function payIn(attacked: AttackedBank, teller: string, accountId: string, amount: string): Promise<void> {
  await did(attacked, teller, '/v1/deposits', { accountId, amount: { amount, currency: 'EUR' }, reference: 'Opening' });
}

/** Does something that must succeed; answers its body. */
async function did(attacked: AttackedBank, token: string, path: string, body: object): Promise<Seen['body']> {
  const answer = await attacked.ask({ method: 'POST', path, token, key: newKey(), body });
  if (answer.status !== 201) throw new Error(`POST ${path} answered ${answer.status}: ${answer.text}`);
  return answer.body;
}

/** What the databases held when nothing moved any more. */
const lastStill = new WeakMap<AttackedBank, string>();

/** Waits until the services have heard of everything that happened, so that nothing changes by itself any more. */
export async function settled(attacked: AttackedBank): Promise<void> {
  let before = lastStill.get(attacked) ?? '';
  await vi.waitUntil(async () => {
    const waiting = await attacked.stores.waiting();
    const now = JSON.stringify(await attacked.stores.fingerprint());
    const isStill = waiting === 0 && now === before;
    before = now;
    return isStill;
  }, SETTLING);
  lastStill.set(attacked, before);
}

const YEAR_MS = 365 * 24 * 3_600_000;

/** A date that nothing becomes due on while the attacks run. */
export function inAYear(): string {
  return new Date(Date.now() + YEAR_MS).toISOString().slice(0, 10);
}
