import { bucketOfCustomer, fail, ok, type Result } from '@florin/primitives';
import type { Actor } from '../domain/actor.ts';
import type { AuditNote } from '../domain/audit-note.ts';
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
  wanted: { readonly actor: Actor; readonly name: string; readonly iban: string; readonly keptMax: number },
): Promise<Result<Payee, InvalidPayee | PayeeRefusal | TooManyChecks>> {
  const { actor, name, keptMax } = wanted;
  const owner = actor.subject;
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
    if (await insertPayee(tx, payee)) {
      await payees.record(tx, noteOf(actor, 'created', payee.id));
      return ok(payee);
    }
    return fail({ code: 'payee-exists', detail: 'You keep a payee with this IBAN already.' });
  });
}

/** A customer's payees, who was paid last first, then by name. */
export function listPayees({ shards }: Payees, owner: string, keptMax: number): Promise<Payee[]> {
  return findPayees(shards.ofCustomer(owner).db, owner, keptMax);
}

/** Calls a payee something else; how its first name compared with the holder's stays. Fails with `payee-not-found`. */
export function renamePayee(
  { shards, record }: Payees,
  { id, actor, name }: { readonly id: string; readonly actor: Actor; readonly name: string },
): Promise<Result<Payee, PayeeRefusal>> {
  return shards.ofCustomer(actor.subject).db.transaction(async (tx): Promise<Result<Payee, PayeeRefusal>> => {
    const renamed = await writeName(tx, { id, owner: actor.subject, name });
    if (renamed === undefined) return NOT_FOUND;
    await record(tx, noteOf(actor, 'renamed', id));
    return ok(renamed);
  });
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
export function forgetPayee({ shards, record }: Payees, id: string, actor: Actor): Promise<Result<null, PayeeRefusal>> {
  return shards.ofCustomer(actor.subject).db.transaction(async (tx): Promise<Result<null, PayeeRefusal>> => {
    if (!(await deletePayee(tx, id, actor.subject))) return NOT_FOUND;
    await record(tx, noteOf(actor, 'deleted', id));
    return ok(null);
  });
}

function noteOf(actor: Actor, what: 'created' | 'renamed' | 'deleted', payeeId: string): AuditNote {
  const action = `payee.${what}`;
  return { id: `${payeeId}:${what}:${actor.traceId}`, actor, action, resource: `payee:${payeeId}` };
}

/** A payee of somebody else is as one that does not exist. */
export const NOT_KEPT: PayeeRefusal = { code: 'payee-not-found', detail: 'There is no such payee.' };

const NOT_FOUND = fail(NOT_KEPT);
