import { randomBytes } from 'node:crypto';
import { fail, invariant, type NewId, ok, type Result } from '@florin/primitives';
import { factorChanged } from '../domain/fact.ts';
import type { Factors, Passkey, PasskeyCreation } from '../domain/factors.ts';
import { findFactors, lockPerson } from '../repositories/factors.ts';
import { rememberChallenge, takeChallenge } from '../repositories/passkey-challenges.ts';
import {
  type Credential,
  credentialsOf,
  deletePasskey,
  insertPasskey,
  listPasskeys,
  PASSKEYS_MAX,
} from '../repositories/passkeys.ts';
import { findPerson } from '../repositories/people.ts';
import type { CodeDeps } from './check-code.ts';
import { type FactorOwner, type FreshFailure, proveFresh } from './fresh-sign-in.ts';
import type { PasskeyCeremonies } from './ports.ts';
import { dropNeedlessCodes, firstRecoveryCodes } from './recovery-codes.ts';

export interface PasskeyDeps extends CodeDeps {
  readonly passkeys: PasskeyCeremonies;
  readonly newId: NewId;
}

export const CHALLENGE_SECONDS = 5 * 60;
export const CHALLENGE_BYTES = 32;
/** The bucket of a customer is a hash of the whole id; these ids are looked up with their owner. */
const NO_BUCKET = 0;

type BeginFailure = FreshFailure | { readonly code: 'too-many-passkeys' };
type FinishFailure = { readonly code: 'passkey-not-made' } | { readonly code: 'too-many-passkeys' };
type RemoveFailure = FreshFailure | { readonly code: 'factor-not-found' };

/** What a page asks an authenticator for. */
export interface PasskeyWanted {
  readonly rpId: string;
  readonly challenge: Buffer;
  readonly personId: string;
  readonly email: string;
  readonly name: string;
  /** Those that are there already: an authenticator makes no second one. */
  readonly known: readonly Credential[];
}

export function readFactors(deps: CodeDeps, personId: string): Promise<Factors> {
  return findFactors(deps.database, deps.vault, personId);
}

/** The passkeys of somebody, as they are checked. */
export function credentialsOfPerson(deps: CodeDeps, personId: string): Promise<readonly Credential[]> {
  return credentialsOf(deps.database, personId);
}

/** Begins to make a passkey: a challenge for this person in this session, good once and for five minutes. */
export async function beginPasskey(
  deps: PasskeyDeps,
  owner: FactorOwner,
): Promise<Result<PasskeyWanted, BeginFailure>> {
  const fresh = await proveFresh(deps, owner);
  if (!fresh.ok) return fresh;
  const { database, vault } = deps;
  const person = await findPerson(database, vault, owner.subject);
  if (person === undefined) return fail({ code: 'fresh-sign-in-needed' });
  const known = await credentialsOf(database, person.id);
  if (known.length >= PASSKEYS_MAX) return fail({ code: 'too-many-passkeys' });
  const challenge = randomBytes(CHALLENGE_BYTES);
  await rememberChallenge(database, { boundTo: boundTo(deps, owner), challenge, lifetimeSeconds: CHALLENGE_SECONDS });
  return ok({
    rpId: deps.passkeys.rpId,
    challenge,
    personId: person.id,
    email: person.email,
    name: person.name,
    known,
  });
}

/** Takes a passkey in. That the sign-in was fresh is what the challenge stands for. */
export async function finishPasskey(
  deps: PasskeyDeps,
  owner: FactorOwner,
  made: { readonly name: string; readonly creation: PasskeyCreation },
): Promise<
  Result<{ readonly passkey: Passkey; readonly recoveryCodes: readonly string[] | undefined }, FinishFailure>
> {
  const { database, vault } = deps;
  const challenge = await takeChallenge(database, boundTo(deps, owner));
  const checked = challenge && (await deps.passkeys.verifyCreation(made.creation, challenge));
  if (checked === undefined) return fail({ code: 'passkey-not-made' });
  const passkeyId = deps.newId(NO_BUCKET);
  const name = made.name.normalize('NFC').trim();
  const transports = made.creation.transports ?? [];
  return database.transaction(async (tx) => {
    await lockPerson(tx, owner.subject);
    if ((await credentialsOf(tx, owner.subject)).length >= PASSKEYS_MAX) return fail({ code: 'too-many-passkeys' });
    const credential = { ...checked, passkeyId, personId: owner.subject, transports, name };
    if (!(await insertPasskey(tx, vault, credential))) return fail({ code: 'passkey-not-made' });
    await deps.record(tx, factorChanged(owner, 'passkey-added'));
    const passkey = (await listPasskeys(tx, vault, owner.subject)).find(({ id }) => id === passkeyId);
    invariant(passkey !== undefined, 'a passkey just stored is not there');
    return ok({ passkey, recoveryCodes: await firstRecoveryCodes(deps, tx, owner) });
  });
}

/** Removes a passkey; somebody else's is as one that does not exist. */
export async function removePasskey(
  deps: PasskeyDeps,
  owner: FactorOwner,
  passkeyId: string,
): Promise<Result<void, RemoveFailure>> {
  const fresh = await proveFresh(deps, owner);
  if (!fresh.ok) return fresh;
  return deps.database.transaction(async (tx) => {
    await lockPerson(tx, owner.subject);
    if (!(await deletePasskey(tx, owner.subject, passkeyId))) return fail({ code: 'factor-not-found' });
    await dropNeedlessCodes(tx, owner.subject);
    await deps.record(tx, factorChanged(owner, 'passkey-removed'));
    return ok(undefined);
  });
}

function boundTo({ vault }: PasskeyDeps, owner: FactorOwner): Buffer {
  return vault.hash('passkey-challenge', `make|${owner.subject}|${owner.sessionId ?? ''}`);
}
