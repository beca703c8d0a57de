import { fail, type NewId, ok, type Result } from '@florin/primitives';
import { factorChanged } from '../domain/fact.ts';
import { CODE_DELAYS_SECONDS, SIGN_IN_MEMORY_SECONDS } from '../domain/sign-in-delay.ts';
import { lockPerson } from '../repositories/factors.ts';
import { findPerson } from '../repositories/people.ts';
import { bookAttempt, forgetFailures } from '../repositories/sign-in-failures.ts';
import { beginTotp, confirmTotp, deleteTotp, findTotpSecret } from '../repositories/totp-factors.ts';
import { type CodeDeps, type CodeFailure, codeCounter, refuseCode } from './check-code.ts';
import { type FactorOwner, type FreshFailure, proveFresh } from './fresh-sign-in.ts';
import { dropNeedlessCodes, firstRecoveryCodes } from './recovery-codes.ts';

/** The bucket of a customer is a hash of the whole id; these ids are looked up by nobody. */
const NO_BUCKET = 0;

type BeginFailure = FreshFailure | { readonly code: 'totp-exists' };
type ConfirmFailure = CodeFailure | { readonly code: 'totp-not-begun' };
type RemoveFailure = FreshFailure | { readonly code: 'factor-not-found' };

export interface BegunTotp {
  /** Base 32, for who can not scan. */
  readonly secret: string;
  /** For a QR code. */
  readonly address: string;
}

/** Begins to set up an app. Nothing is asked of it until a code confirms that it has the secret. */
export async function beginTotpFactor(
  deps: CodeDeps & { readonly newId: NewId },
  owner: FactorOwner,
): Promise<Result<BegunTotp, BeginFailure>> {
  const fresh = await proveFresh(deps, owner);
  if (!fresh.ok) return fresh;
  const person = await findPerson(deps.database, deps.vault, owner.subject);
  if (person === undefined) return fail({ code: 'fresh-sign-in-needed' });
  const secret = deps.oneTimeCodes.newSecret();
  const enrolment = { personId: person.id, enrolmentId: deps.newId(NO_BUCKET), secret };
  if (!(await beginTotp(deps.database, deps.vault, enrolment))) return fail({ code: 'totp-exists' });
  return ok({ secret, address: deps.oneTimeCodes.address(secret, person.email) });
}

/** Confirms it with a first code. With the first factor come recovery codes, shown this once. */
export async function confirmTotpFactor(
  deps: CodeDeps,
  owner: FactorOwner,
  typed: string,
): Promise<Result<{ readonly recoveryCodes: readonly string[] | undefined }, ConfirmFailure>> {
  const { database, vault } = deps;
  const counter = codeCounter(vault, owner.subject, owner.sessionId);
  const attempt = await bookAttempt(database, counter, CODE_DELAYS_SECONDS, SIGN_IN_MEMORY_SECONDS);
  if (attempt.code === 'delayed') return fail({ code: 'sign-in-delayed', seconds: attempt.seconds });
  const begun = await findTotpSecret(database, vault, owner.subject, 'begun');
  if (begun === undefined) return fail({ code: 'totp-not-begun' });
  const step = deps.oneTimeCodes.stepOf(begun.secret, typed.replace(/\s/g, ''), deps.clock());
  if (step === undefined) {
    await refuseCode(deps, owner);
    return fail({ code: 'wrong-code' });
  }
  return database.transaction(async (tx) => {
    await lockPerson(tx, owner.subject);
    if (!(await confirmTotp(tx, owner.subject, begun.enrolmentId, step))) return fail({ code: 'totp-not-begun' });
    await forgetFailures(tx, counter);
    await deps.record(tx, factorChanged(owner, 'totp-added'));
    return ok({ recoveryCodes: await firstRecoveryCodes(deps, tx, owner) });
  });
}

/** Removes the app. */
export async function removeTotpFactor(deps: CodeDeps, owner: FactorOwner): Promise<Result<void, RemoveFailure>> {
  const fresh = await proveFresh(deps, owner);
  if (!fresh.ok) return fresh;
  return deps.database.transaction(async (tx) => {
    await lockPerson(tx, owner.subject);
    if (!(await deleteTotp(tx, owner.subject))) return fail({ code: 'factor-not-found' });
    await dropNeedlessCodes(tx, owner.subject);
    await deps.record(tx, factorChanged(owner, 'totp-removed'));
    return ok(undefined);
  });
}
