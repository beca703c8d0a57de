import { randomBytes } from 'node:crypto';
import { fail, ok, type Result } from '@florin/primitives';
import { audited } from '../domain/fact.ts';
import {
  PASSKEY_PROOF,
  PASSWORD_AND_PASSKEY_PROOF,
  type PasskeyAssertion,
  type Proof,
  userHandleOf,
} from '../domain/factors.ts';
import { isVouchedFor } from '../repositories/identities.ts';
import { rememberChallenge, takeChallenge } from '../repositories/passkey-challenges.ts';
import { type Credential, credentialsOf, findCredentialById, notePasskeyUse } from '../repositories/passkeys.ts';
import { findStep, forgetStep } from '../repositories/sign-in-steps.ts';
import { CHALLENGE_BYTES, CHALLENGE_SECONDS, type PasskeyDeps } from './passkeys.ts';
import { interactionHash } from './second-step.ts';

/** What a page asks an authenticator for. */
export interface AssertionWanted {
  readonly rpId: string;
  readonly challenge: Buffer;
  /** After a password, the passkeys of that person; none before, or a name could be told from one that nobody has. */
  readonly allowed: readonly Credential[];
}

export interface SignedInByPasskey {
  readonly personId: string;
  /** Of the password before it, if there was one. */
  readonly credentialVersion: number | undefined;
  readonly proof: Proof;
}

/** Whoever shows a passkey that nobody has stands in the audit trail as this. */
const NOBODY = 'anonymous';

/** Begins a sign-in by passkey: a challenge for this interaction, good once and for five minutes. */
export async function beginPasskeySignIn(deps: PasskeyDeps, uid: string): Promise<AssertionWanted> {
  const { database, vault } = deps;
  const passed = await findStep(database, interactionHash(vault, uid));
  const allowed = passed === undefined ? [] : await credentialsOf(database, passed.personId);
  const challenge = randomBytes(CHALLENGE_BYTES);
  await rememberChallenge(database, { boundTo: boundTo(deps, uid), challenge, lifetimeSeconds: CHALLENGE_SECONDS });
  return { rpId: deps.passkeys.rpId, challenge, allowed };
}

/**
 * Completes a sign-in by passkey, after a password or without one. A passkey that nobody has, one of somebody else, a
 * wrong signature and a counter that went back are one answer.
 */
export async function signInByPasskey(
  deps: PasskeyDeps,
  uid: string,
  assertion: PasskeyAssertion,
  traceId: string,
): Promise<Result<SignedInByPasskey, { readonly code: 'passkey-refused' }>> {
  const { database, vault } = deps;
  const interaction = interactionHash(vault, uid);
  const challenge = await takeChallenge(database, boundTo(deps, uid));
  const awaited = await findStep(database, interaction);
  const credential = await findCredentialById(database, Buffer.from(assertion.id, 'base64url'));
  // Who keeps somebody's identity elsewhere says each time whether they may come in: a passkey alone would not ask there.
  const isAloneForbidden =
    awaited === undefined && credential !== undefined && (await isVouchedFor(database, credential.personId));
  const checked =
    challenge && credential && (await deps.passkeys.verifyAssertion(assertion, challenge, credential.publicKey));
  if (
    isAloneForbidden ||
    checked === undefined ||
    credential === undefined ||
    !isTheirs(credential, assertion, awaited?.personId)
  ) {
    return refuse(deps, credential?.personId, 'passkey-refused', traceId);
  }
  const { personId, passkeyId } = credential;
  const isNoted = await database.transaction(async (tx) => {
    if (!(await notePasskeyUse(tx, passkeyId, checked.counter))) return false;
    await forgetStep(tx, interaction);
    await deps.record(tx, [audited({ subject: personId, roles: [], traceId }, 'users.sign-in', personId)]);
    return true;
  });
  if (!isNoted) return refuse(deps, personId, 'passkey-counter', traceId);
  return ok({
    personId,
    credentialVersion: awaited?.credentialVersion,
    proof: awaited === undefined ? PASSKEY_PROOF : PASSWORD_AND_PASSKEY_PROOF,
  });
}

/** After a password it must be that person's; without one the authenticator must say who it thinks it is for. */
function isTheirs({ personId }: Credential, { userHandle }: PasskeyAssertion, awaited: string | undefined): boolean {
  if (userHandle !== null && userHandle !== userHandleOf(personId)) return false;
  return awaited === undefined ? userHandle !== null : awaited === personId;
}

async function refuse(deps: PasskeyDeps, personId: string | undefined, reason: string, traceId: string) {
  const subject = personId ?? NOBODY;
  await deps.database.transaction((tx) =>
    deps.record(tx, [audited({ subject, roles: [], traceId }, 'users.sign-in', subject, reason)]),
  );
  return fail({ code: 'passkey-refused' as const });
}

function boundTo({ vault }: PasskeyDeps, uid: string): Buffer {
  return vault.hash('passkey-challenge', `sign-in|${uid}`);
}
