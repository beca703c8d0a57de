import { fail, ok, type Result } from '@florin/primitives';
import { audited } from '../domain/fact.ts';
import { type PasskeyAssertion, userHandleOf } from '../domain/factors.ts';
import type { Actor } from '../domain/person.ts';
import { findCredentialById, notePasskeyUse } from '../repositories/passkeys.ts';
import { type CodeFailure, checkCode, codeCounter } from './check-code.ts';
import type { PasskeyDeps } from './passkeys.ts';

/** What somebody confirms with, and what: the hash of it is what a passkey signs. */
export interface Confirming {
  readonly sessionId: string;
  /** SHA-256, base64url. */
  readonly hash: string;
  readonly code?: string;
  readonly assertion?: PasskeyAssertion;
}

export type ConfirmFailure = CodeFailure | { readonly code: 'passkey-refused' };

const APP_CODE = /^\d{6}$/;

/**
 * Whether somebody confirms something with a factor of theirs: a code of their app, which is spent, or a passkey that
 * signed exactly this. A recovery code confirms nothing: it is for who lost their factors, and for signing in. Whoever asks
 * sees to it that a hash is confirmed once, so a signature is good once too.
 */
export async function confirmFactor(
  deps: PasskeyDeps,
  actor: Actor,
  { sessionId, hash, code, assertion }: Confirming,
): Promise<Result<void, ConfirmFailure>> {
  if (assertion !== undefined) return confirmByPasskey(deps, actor, assertion, Buffer.from(hash, 'base64url'));
  const digits = (code ?? '').replace(/\s/g, '');
  // Not a guess at anything, so nothing is counted.
  if (!APP_CODE.test(digits)) return fail({ code: 'wrong-code' });
  return checkCode(deps, actor, digits, codeCounter(deps.vault, actor.subject, sessionId));
}

async function confirmByPasskey(
  deps: PasskeyDeps,
  actor: Actor,
  assertion: PasskeyAssertion,
  challenge: Buffer,
): Promise<Result<void, ConfirmFailure>> {
  const { database } = deps;
  const credential = await findCredentialById(database, Buffer.from(assertion.id, 'base64url'));
  const isTheirs =
    credential?.personId === actor.subject &&
    (assertion.userHandle === null || assertion.userHandle === userHandleOf(actor.subject));
  const checked =
    credential && isTheirs && (await deps.passkeys.verifyAssertion(assertion, challenge, credential.publicKey));
  const isNoted =
    credential !== undefined &&
    checked !== undefined &&
    checked !== false &&
    (await notePasskeyUse(database, credential.passkeyId, checked.counter));
  if (isNoted) return ok(undefined);
  await database.transaction((tx) =>
    deps.record(tx, [audited(actor, 'users.second-factor', actor.subject, 'passkey-refused')]),
  );
  return fail({ code: 'passkey-refused' });
}
