import type { Database } from '@florin/postgres';
import { fail, invariant, type NewId, ok, type Result } from '@florin/primitives';
import { audited } from '../domain/fact.ts';
import { canonicalEmail } from '../domain/login-name.ts';
import { decidePassword, type PasswordFailure } from '../domain/password-policy.ts';
import type { Actor, Person } from '../domain/person.ts';
import { decideRoles, type ExclusiveRoles, type RolesFailure } from '../domain/roles.ts';
import type { Vault } from '../domain/vault.ts';
import { findPerson, insertPerson, writeRoles } from '../repositories/people.ts';
import type { Passwords, RecordFacts } from './ports.ts';

interface Deps {
  readonly database: Database;
  readonly vault: Vault;
  readonly passwords: Passwords;
  readonly knownPasswords: ReadonlySet<string>;
  readonly newId: NewId;
  readonly record: RecordFacts;
}

export interface SignUp {
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

/** Somebody the bank takes in by itself, staff for the most part. */
export interface Registration extends SignUp {
  readonly roles: readonly string[];
}

export type SignUpFailure = PasswordFailure | { readonly code: 'invalid-email' } | { readonly code: 'email-taken' };

/** The bucket of a customer is a hash of the whole id, so the one written into the id says nothing. */
const NO_BUCKET = 0;

const CUSTOMER = ['customer'];

/** Makes someone a customer. The password is hashed in any case, so a taken address takes as long as a free one. */
export function signUp(deps: Deps, wanted: SignUp, traceId: string): Promise<Result<Person, SignUpFailure>> {
  return take(deps, wanted, { roles: CUSTOMER, traceId });
}

/** Makes somebody known with these roles. Fails as a sign-up does, and with `roles-conflict` or `no-role-left`. */
export async function register(
  deps: Deps & { readonly exclusiveRoles: ExclusiveRoles },
  wanted: Registration,
  actor: Actor,
): Promise<Result<Person, SignUpFailure | RolesFailure>> {
  const roles = decideRoles(wanted.roles, deps.exclusiveRoles);
  return roles.ok ? take(deps, wanted, { roles: roles.value, traceId: actor.traceId, actor }) : roles;
}

/** Whoever signs up acts for themselves; `actor` is who takes somebody else in. */
interface Taking {
  readonly roles: readonly string[];
  readonly traceId: string;
  readonly actor?: Actor;
}

async function take(
  deps: Deps,
  wanted: SignUp,
  { roles, traceId, actor }: Taking,
): Promise<Result<Person, SignUpFailure>> {
  const email = canonicalEmail(wanted.email);
  if (email === undefined) return fail({ code: 'invalid-email' });
  const name = wanted.name.normalize('NFC').trim();
  const password = decidePassword(wanted.password, [email, name], deps.knownPasswords);
  if (!password.ok) return password;
  const passwordHash = await deps.passwords.hash(password.value);

  const id = deps.newId(NO_BUCKET);
  return deps.database.transaction(async (tx) => {
    // Whom the bank takes in itself, it knows.
    const emailConfirmed = actor !== undefined;
    const isStored = await insertPerson(tx, deps.vault, { id, email, name, passwordHash, emailConfirmed });
    if (!isStored) return fail({ code: 'email-taken' });
    await writeRoles(tx, id, roles, actor?.subject ?? id);
    const person = await findPerson(tx, deps.vault, id);
    invariant(person !== undefined, 'a person just stored is not there');
    await deps.record(tx, [
      { kind: 'person-registered', personId: id, isCustomer: roles.includes('customer'), isConfirmed: emailConfirmed },
      actor === undefined
        ? audited({ subject: id, roles: person.roles, traceId }, 'users.sign-up', id)
        : audited(actor, `users.register:${roles.join('+')}`, id),
    ]);
    return ok(person);
  });
}
