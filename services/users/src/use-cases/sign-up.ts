import type { Database } from '@florin/postgres';
import { fail, invariant, type NewId, ok, type Result } from '@florin/primitives';
import { audited } from '../domain/fact.ts';
import { canonicalEmail } from '../domain/login-name.ts';
import { decidePassword, type PasswordFailure } from '../domain/password-policy.ts';
import type { Person } from '../domain/person.ts';
import type { Vault } from '../domain/vault.ts';
import { findPerson, insertPerson, writeRoles } from '../repositories/people.ts';
import type { Passwords, RecordFacts } from './ports.ts';

interface Deps {
  readonly database: Database;
  readonly vault: Vault;
  readonly passwords: Passwords;
  readonly newId: NewId;
  readonly record: RecordFacts;
}

export interface SignUp {
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

export type SignUpFailure = PasswordFailure | { readonly code: 'invalid-email' } | { readonly code: 'email-taken' };

/** The bucket of a customer is a hash of the whole id, so the one written into the id says nothing. */
const NO_BUCKET = 0;

/** Makes someone a customer. The password is hashed in any case, so a taken address takes as long as a free one. */
export async function signUp(deps: Deps, wanted: SignUp, traceId: string): Promise<Result<Person, SignUpFailure>> {
  const email = canonicalEmail(wanted.email);
  if (email === undefined) return fail({ code: 'invalid-email' });
  const name = wanted.name.normalize('NFC').trim();
  const password = decidePassword(wanted.password, [email, name]);
  if (!password.ok) return password;
  const passwordHash = await deps.passwords.hash(password.value);

  const id = deps.newId(NO_BUCKET);
  return deps.database.transaction(async (tx) => {
    if (!(await insertPerson(tx, deps.vault, { id, email, name, passwordHash }))) return fail({ code: 'email-taken' });
    await writeRoles(tx, id, ['customer'], id);
    const person = await findPerson(tx, deps.vault, id);
    invariant(person !== undefined, 'a person just stored is not there');
    await deps.record(tx, [
      { kind: 'person-registered', personId: id },
      audited({ subject: id, roles: person.roles, traceId }, 'users.sign-up', id),
    ]);
    return ok(person);
  });
}
