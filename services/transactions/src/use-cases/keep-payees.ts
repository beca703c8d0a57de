import { bucketOfCustomer, fail, ok, type Result } from '@florin/primitives';
import type { Actor } from '../domain/actor.ts';
import {
  AT_ANOTHER_BANK,
  type InvalidPayee,
  NOT_AT_THIS_BANK,
  type Payee,
  type PayeeRefusal,
} from '../domain/payee.ts';
import {
  countPayeesLocked,
  deletePayee,
  findPayees,
  hasPayee,
  insertPayee,
  setTrust,
  renamePayee as writeName,
} from '../repositories/payees.ts';
import { checkPayee, type Payees } from './check-payee.ts';
import type { TooManyChecks } from './payee-checks.ts';

/**
 * Keeps somebody to pay again, under whatever name the customer likes. How that compares with the holder's is kept too,
 * so this counts as a check of a name. Fails with `invalid-payee` for an account that can not be paid,
 * `payee-exists`, `too-many-payees` or `too-many-payee-checks`.
 */
export async function createPayee(
  payees: Payees,
  wanted: { readonly owner: string; readonly name: string; readonly iban: string; readonly keptMax: number },
): Promise<Result<Payee, InvalidPayee | PayeeRefusal | TooManyChecks>> {
  const { owner, name, keptMax } = wanted;
  const checked = await checkPayee(payees, { customer: owner, iban: wanted.iban, name });
  if (!checked.ok) return checked;
  const { iban, isOurs, account, result } = checked.value;
  if (account === undefined) return fail(isOurs ? NOT_AT_THIS_BANK : AT_ANOTHER_BANK);
  const payee: Payee = {
    id: payees.newId(bucketOfCustomer(owner)),
    owner,
    name,
    iban,
    nameCheck: result,
    createdAtMs: payees.now().nowMs,
    lastPaidAtMs: null,
    isTrusted: false,
  };
  return payees.shards.ofCustomer(owner).db.transaction(async (tx): Promise<Result<Payee, PayeeRefusal>> => {
    const kept = await countPayeesLocked(tx, owner);
    if (kept >= keptMax) {
      return fail({ code: 'too-many-payees', detail: `A customer can keep ${keptMax} payees.` });
    }
    if (await insertPayee(tx, payee)) return ok(payee);
    return fail({ code: 'payee-exists', detail: 'You keep a payee with this IBAN already.' });
  });
}

/** A customer's payees, who was paid last first, then by name. */
export function listPayees({ shards }: Payees, owner: string, keptMax: number): Promise<Payee[]> {
  return findPayees(shards.ofCustomer(owner).db, owner, keptMax);
}

/** Calls a payee something else; how its first name compared with the holder's stays. Fails with `payee-not-found`. */
export async function renamePayee(
  { shards }: Payees,
  wanted: { readonly id: string; readonly owner: string; readonly name: string },
): Promise<Result<Payee, PayeeRefusal>> {
  const renamed = await writeName(shards.ofCustomer(wanted.owner).db, wanted);
  return renamed === undefined ? NOT_FOUND : ok(renamed);
}

/** Whether somebody keeps a payee of this id. */
export function isKept({ shards }: Payees, id: string, owner: string): Promise<boolean> {
  return hasPayee(shards.ofCustomer(owner).db, id, owner);
}

/** Trusts a payee, or no more; who asks has proven enough. It is told in the same transaction. Fails with `payee-not-found`. */
export async function trustPayee(
  { shards, publishTrust, published }: Payees,
  id: string,
  actor: Actor,
  isTrusted: boolean,
): Promise<Result<Payee, PayeeRefusal>> {
  const changed = await shards.ofCustomer(actor.subject).db.transaction(async (tx) => {
    const payee = await setTrust(tx, { id, owner: actor.subject, isTrusted });
    if (payee !== undefined) await publishTrust(tx, payee, actor);
    return payee;
  });
  published(actor.subject);
  return changed === undefined ? NOT_FOUND : ok(changed);
}

/** Forgets a payee. Fails with `payee-not-found`. */
export async function forgetPayee({ shards }: Payees, id: string, owner: string): Promise<Result<null, PayeeRefusal>> {
  return (await deletePayee(shards.ofCustomer(owner).db, id, owner)) ? ok(null) : NOT_FOUND;
}

/** A payee of somebody else is as one that does not exist. */
export const NOT_KEPT: PayeeRefusal = { code: 'payee-not-found', detail: 'There is no such payee.' };

const NOT_FOUND = fail(NOT_KEPT);
