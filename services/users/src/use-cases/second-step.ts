import type { Database, Tx } from '@florin/postgres';
import { fail, ok, type Result } from '@florin/primitives';
import { audited } from '../domain/fact.ts';
import type { SecondFactor } from '../domain/factors.ts';
import type { Vault } from '../domain/vault.ts';
import { findSecondFactors } from '../repositories/factors.ts';
import { findStep, forgetStep, type PassedPassword, rememberStep } from '../repositories/sign-in-steps.ts';
import { type CodeDeps, type CodeFailure, checkCode, codeCounter } from './check-code.ts';
import { deviceOf } from './known-device.ts';

/** Where somebody signs in: in which interaction, in which browser. */
export interface SignInPlace {
  readonly interactionUid: string;
  readonly deviceCookie: string | undefined;
  readonly userAgent: string | undefined;
}

/** As long as the interaction itself. */
const STEP_SECONDS = 10 * 60;

/** Nothing to follow: the password was not typed yet, or too long ago. */
export interface PasswordFirst {
  readonly code: 'password-first';
}

export function interactionHash(vault: Vault, uid: string): Buffer {
  return vault.hash('interaction', uid);
}

/** Notes that a password was right. It is worth nothing by itself, and something only in this interaction. */
export function awaitSecondFactor(tx: Tx, vault: Vault, uid: string, passed: PassedPassword): Promise<void> {
  return rememberStep(tx, { interaction: interactionHash(vault, uid), passed, lifetimeSeconds: STEP_SECONDS });
}

/** What an interaction waits for; empty while it waits for a password. */
export async function findAwaited(
  deps: { readonly database: Database; readonly vault: Vault },
  uid: string,
): Promise<readonly SecondFactor[]> {
  const passed = await findStep(deps.database, interactionHash(deps.vault, uid));
  return passed === undefined ? [] : findSecondFactors(deps.database, passed.personId);
}

/** Completes a sign-in with a code of the app or a recovery code. */
export async function signInByCode(
  deps: CodeDeps,
  typed: string,
  place: SignInPlace,
  traceId: string,
): Promise<Result<PassedPassword, CodeFailure | PasswordFirst>> {
  const { database, vault } = deps;
  const interaction = interactionHash(vault, place.interactionUid);
  const passed = await findStep(database, interaction);
  if (passed === undefined) return fail({ code: 'password-first' });
  const { personId } = passed;
  const actor = { subject: personId, roles: [], traceId };
  const counter = codeCounter(vault, personId, await deviceOf(deps, place.deviceCookie, personId));
  const checked = await checkCode(deps, actor, typed, counter);
  if (!checked.ok) return checked;
  await database.transaction(async (tx) => {
    await forgetStep(tx, interaction);
    await deps.record(tx, [audited(actor, 'users.sign-in', personId)]);
  });
  return ok(passed);
}
