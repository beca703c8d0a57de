import type { Database } from '@florin/postgres';
import { type Clock, fail, ok, type Result } from '@florin/primitives';
import { audited, factorChanged } from '../domain/fact.ts';
import type { OneTimeCodes } from '../domain/one-time-codes.ts';
import type { Actor } from '../domain/person.ts';
import { readRecoveryCode } from '../domain/recovery-code.ts';
import { CODE_DELAYS_SECONDS, SIGN_IN_MEMORY_SECONDS } from '../domain/sign-in-delay.ts';
import type { Vault } from '../domain/vault.ts';
import { spendRecoveryCode } from '../repositories/recovery-codes.ts';
import { bookAttempt, forgetFailures } from '../repositories/sign-in-failures.ts';
import { findTotpSecret, spendStep } from '../repositories/totp-factors.ts';
import type { RecordFacts } from './ports.ts';

export interface CodeDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly oneTimeCodes: OneTimeCodes;
  readonly clock: Clock;
  readonly record: RecordFacts;
}

export type CodeFailure =
  | { readonly code: 'wrong-code' }
  | { readonly code: 'sign-in-delayed'; readonly seconds: number };

const TOTP_CODE = /^\d{6}$/;

/**
 * Whose failures are counted together: of strangers, of one browser the person is known in, of a session they are
 * signed in with. Who guesses from elsewhere holds up none but themselves.
 */
export function codeCounter(vault: Vault, personId: string, place: string | undefined): Buffer {
  return vault.index('second-factor', `${personId}|${place ?? 'anywhere'}`);
}

/**
 * Spends a code of somebody: six digits of their app, or one of their recovery codes. The attempt is booked before
 * anything is looked at, so parallel guesses count one by one, and of parallel uses of one code one succeeds.
 */
export async function checkCode(
  deps: CodeDeps,
  actor: Actor,
  typed: string,
  counter: Buffer,
): Promise<Result<void, CodeFailure>> {
  const { database } = deps;
  const attempt = await bookAttempt(database, counter, CODE_DELAYS_SECONDS, SIGN_IN_MEMORY_SECONDS);
  if (attempt.code === 'delayed') return fail({ code: 'sign-in-delayed', seconds: attempt.seconds });
  const spent = await spend(deps, actor, typed.trim());
  if (spent) {
    await forgetFailures(database, counter);
    return ok(undefined);
  }
  await refuseCode(deps, actor);
  return fail({ code: 'wrong-code' });
}

/** Writes a wrong code into the audit trail. */
export async function refuseCode(deps: Pick<CodeDeps, 'database' | 'record'>, actor: Actor): Promise<void> {
  await deps.database.transaction((tx) =>
    deps.record(tx, [audited(actor, 'users.second-factor', actor.subject, 'wrong-code')]),
  );
}

async function spend(deps: CodeDeps, actor: Actor, typed: string): Promise<boolean> {
  const { database, vault } = deps;
  const personId = actor.subject;
  const digits = typed.replace(/\s/g, '');
  if (TOTP_CODE.test(digits)) {
    const known = await findTotpSecret(database, vault, personId, 'confirmed');
    const step = known && deps.oneTimeCodes.stepOf(known.secret, digits, deps.clock());
    if (known === undefined || step === undefined) return false;
    return spendStep(database, personId, known.enrolmentId, step);
  }
  const code = readRecoveryCode(typed);
  if (code === undefined) return false;
  return database.transaction(async (tx) => {
    if (!(await spendRecoveryCode(tx, personId, recoveryCodeHash(vault, personId, code)))) return false;
    await deps.record(tx, factorChanged(actor, 'recovery-code-used'));
    return true;
  });
}

/** Under what a code is stored. The person goes in as well: the same code of two people has two hashes. */
export function recoveryCodeHash(vault: Vault, personId: string, code: string): Buffer {
  return vault.hash('recovery-code', `${personId}|${code}`);
}
