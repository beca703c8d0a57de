import { randomBytes } from 'node:crypto';
import type { Tx } from '@florin/postgres';
import { fail, ok, type Result } from '@florin/primitives';
import { factorChanged } from '../domain/fact.ts';
import type { Actor } from '../domain/person.ts';
import {
  RECOVERY_CODE_CHARACTERS,
  RECOVERY_CODES,
  readRecoveryCode,
  writeRecoveryCode,
} from '../domain/recovery-code.ts';
import { findSecondFactors, lockPerson } from '../repositories/factors.ts';
import { deleteRecoveryCodes, replaceRecoveryCodes } from '../repositories/recovery-codes.ts';
import { type CodeDeps, recoveryCodeHash } from './check-code.ts';
import { type FactorOwner, type FreshFailure, proveFresh } from './fresh-sign-in.ts';

type MakeFailure = FreshFailure | { readonly code: 'no-second-factor' };

/** Makes ten new recovery codes; the old ones are dead. This is the only time they are seen. */
export async function makeRecoveryCodes(
  deps: CodeDeps,
  owner: FactorOwner,
): Promise<Result<readonly string[], MakeFailure>> {
  const fresh = await proveFresh(deps, owner);
  if (!fresh.ok) return fresh;
  return deps.database.transaction(async (tx) => {
    await lockPerson(tx, owner.subject);
    if ((await findSecondFactors(tx, owner.subject)).length === 0) return fail({ code: 'no-second-factor' });
    return ok(await writeNewCodes(deps, tx, owner));
  });
}

/** The codes that come with the first factor; undefined for who has some left. */
export async function firstRecoveryCodes(deps: CodeDeps, tx: Tx, owner: Actor): Promise<readonly string[] | undefined> {
  const factors = await findSecondFactors(tx, owner.subject);
  return factors.includes('recovery-code') ? undefined : writeNewCodes(deps, tx, owner);
}

/** Recovery codes go with the last factor: they stand in for one, and are none. */
export async function dropNeedlessCodes(tx: Tx, personId: string): Promise<void> {
  if ((await findSecondFactors(tx, personId)).length === 0) await deleteRecoveryCodes(tx, personId);
}

async function writeNewCodes(deps: CodeDeps, tx: Tx, owner: Actor): Promise<readonly string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => writeRecoveryCode(randomBytes(RECOVERY_CODE_CHARACTERS)));
  const hashes = codes.map((code) => recoveryCodeHash(deps.vault, owner.subject, readRecoveryCode(code) ?? ''));
  await replaceRecoveryCodes(tx, owner.subject, hashes);
  await deps.record(tx, factorChanged(owner, 'recovery-codes-made'));
  return codes;
}
