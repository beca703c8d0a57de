import type { Database } from '@florin/postgres';
import { audited } from '../domain/fact.ts';
import { isShortLogin } from '../domain/login-name.ts';
import type { Actor, Person } from '../domain/person.ts';
import type { Vault } from '../domain/vault.ts';
import { findSecondFactors } from '../repositories/factors.ts';
import { findPerson, renamePerson, setLogin } from '../repositories/people.ts';
import type { RecordFacts } from './ports.ts';

interface Deps {
  readonly database: Database;
  readonly vault: Vault;
  readonly record: RecordFacts;
}

/** Someone the bank knows and has not disabled. */
export function readProfile(deps: Deps, personId: string): Promise<Person | undefined> {
  return findPerson(deps.database, deps.vault, personId);
}

/** Whether somebody has an app or a passkey set up. */
export async function hasSecondFactor({ database }: Pick<Deps, 'database'>, personId: string): Promise<boolean> {
  return (await findSecondFactors(database, personId)).length > 0;
}

/** What whoever opens an account for somebody needs to know of them; undefined for nobody we know. */
export async function readHolder(
  deps: Deps,
  personId: string,
): Promise<{ readonly name: string; readonly isCustomer: boolean } | undefined> {
  const person = await findPerson(deps.database, deps.vault, personId);
  return person && { name: person.name, isCustomer: person.roles.includes('customer') };
}

/** Changes what a person is called. */
export function rename(deps: Deps, actor: Actor, name: string): Promise<Person | undefined> {
  return deps.database.transaction(async (tx) => {
    await renamePerson(tx, deps.vault, actor.subject, name.normalize('NFC').trim());
    await deps.record(tx, [audited(actor, 'users.rename', actor.subject)]);
    return findPerson(tx, deps.vault, actor.subject);
  });
}

/** Gives a person a short name to sign in with. */
export async function giveLogin(
  deps: Deps,
  actor: Actor,
  personId: string,
  login: string,
): Promise<'set' | 'unknown' | 'taken'> {
  if (!isShortLogin(login)) return 'unknown';
  // Not one transaction with the audit record: a taken name would have failed it.
  const outcome = await setLogin(deps.database, deps.vault, personId, login);
  if (outcome === 'set') {
    await deps.database.transaction((tx) => deps.record(tx, [audited(actor, 'users.login-set', personId)]));
  }
  return outcome;
}
