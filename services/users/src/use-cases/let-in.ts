import { randomBytes } from 'node:crypto';
import type { Database, Tx } from '@florin/postgres';
import { fail, type NewId, ok, type Result } from '@florin/primitives';
import type { ExternalIdentity } from '../domain/external-identity.ts';
import { audited } from '../domain/fact.ts';
import { canonicalEmail } from '../domain/login-name.ts';
import type { Vault } from '../domain/vault.ts';
import { findSecondFactors } from '../repositories/factors.ts';
import { findIdentity, insertIdentity, type KnownIdentity } from '../repositories/identities.ts';
import { insertPerson, lockRoles, writeRoles } from '../repositories/people.ts';
import { endAllSignIns } from './end-sign-in.ts';
import { endNotNeeded } from './follow-welcome.ts';
import type { Passwords, RecordFacts } from './ports.ts';
import { awaitSecondFactor } from './second-step.ts';
import type { PasswordAccepted } from './sign-in.ts';

export interface LetInDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly passwords: Passwords;
  readonly newId: NewId;
  readonly record: RecordFacts;
}

export type LetInFailure =
  | { readonly code: 'wrong-credentials' }
  /** Their address is somebody's who signs in here: whether it is the same person nobody can know. */
  | { readonly code: 'email-taken' };

const NO_BUCKET = 0;
const UNKNOWN_PASSWORD_BYTES = 32;

/**
 * Lets somebody in whom another keeper of identities vouches for. The first time makes a person of them. What they may do is
 * what their groups say today: a role that was lost there is lost here, with every sign-in that had it. Their own second
 * factor is asked for next, if they have one and were not asked for two there.
 */
export async function letIn(
  deps: LetInDeps,
  identity: ExternalIdentity,
  interactionUid: string,
  traceId: string,
): Promise<Result<PasswordAccepted, LetInFailure>> {
  const { database, record } = deps;
  const email = canonicalEmail(identity.email);
  if (email === undefined) return refuse(deps, { code: 'wrong-credentials' }, traceId);
  const known = await database.transaction((tx) => findIdentity(tx, identity));
  const made = known === undefined ? await takeIn(deps, { ...identity, email }, traceId) : ok(known);
  if (!made.ok) return refuse(deps, made.failure, traceId);
  const { personId, isActive, credentialVersion } = made.value;
  if (!isActive) return refuse(deps, { code: 'wrong-credentials' }, traceId, personId);
  const actor = { subject: personId, roles: [], traceId };
  return database.transaction(async (tx) => {
    await takeRoles(deps, tx, personId, identity, traceId);
    const secondFactors = identity.hasTwoFactors ? [] : await findSecondFactors(tx, personId);
    const isComplete = secondFactors.length === 0;
    if (!isComplete) await awaitSecondFactor(tx, deps.vault, interactionUid, { personId, credentialVersion });
    await record(tx, [audited(actor, isComplete ? 'users.sign-in' : 'users.password-accepted', personId)]);
    return ok({ personId, credentialVersion, secondFactors });
  });
}

/** Stands in the audit trail for somebody who is nobody here. */
const NOBODY = 'anonymous';

/** Puts on record that somebody was not let in, and why. */
export async function refuse<Failure extends { readonly code: string }>(
  { database, record }: Pick<LetInDeps, 'database' | 'record'>,
  failure: Failure,
  traceId: string,
  personId: string = NOBODY,
): Promise<Result<never, Failure>> {
  const actor = { subject: personId, roles: [], traceId };
  await database.transaction((tx) => record(tx, [audited(actor, 'users.sign-in', personId, failure.code)]));
  return fail(failure);
}

/** Makes a person of somebody. Of two first sign-ins at one moment the second is the person that the first made. */
async function takeIn(
  { database, vault, passwords, newId, record }: LetInDeps,
  identity: ExternalIdentity,
  traceId: string,
): Promise<Result<KnownIdentity, LetInFailure>> {
  // A password that nobody knows and that `findCredential` does not look at: two locks on one door.
  const passwordHash = await passwords.hash(randomBytes(UNKNOWN_PASSWORD_BYTES).toString('base64url'));
  const id = newId(NO_BUCKET);
  const { email, name, isEmailConfirmed, roles } = identity;
  const person = { id, email, name: name.normalize('NFC').trim(), passwordHash, emailConfirmed: isEmailConfirmed };
  return database.transaction(async (tx) => {
    if (!(await insertPerson(tx, vault, person))) {
      const other = await findIdentity(tx, identity);
      return other === undefined ? fail({ code: 'email-taken' }) : ok(other);
    }
    await insertIdentity(tx, identity, id);
    await writeRoles(tx, id, roles, identity.issuer);
    const isCustomer = roles.includes('customer');
    await record(tx, [
      { kind: 'person-registered', personId: id, isCustomer, isConfirmed: isEmailConfirmed },
      audited({ subject: id, roles, traceId }, 'users.sign-up', id),
    ]);
    return ok({ personId: id, isActive: true, credentialVersion: FIRST_VERSION });
  });
}

/** Of a password that was never changed, as the database has it. */
const FIRST_VERSION = 1;

async function takeRoles(
  { record }: LetInDeps,
  tx: Tx,
  personId: string,
  { roles, issuer }: ExternalIdentity,
  traceId: string,
): Promise<void> {
  const before = (await lockRoles(tx, personId)) ?? [];
  if (before.join() === roles.join()) return;
  await writeRoles(tx, personId, roles, issuer);
  // A token carries the roles of the moment it was made.
  await endAllSignIns(record, tx, personId);
  if (!roles.includes('customer')) await endNotNeeded(tx, personId);
  await record(tx, [audited({ subject: issuer, roles: [], traceId }, `users.roles-set:${roles.join('+')}`, personId)]);
}
