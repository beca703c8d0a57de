import { fail, ok, type Result } from '@florin/primitives';
import { isFreshSignIn } from '../domain/factors.ts';
import type { Actor } from '../domain/person.ts';
import { findSecondFactors } from '../repositories/factors.ts';
import { type CodeDeps, type CodeFailure, checkCode, codeCounter } from './check-code.ts';

/** Somebody at their own factors, and what they proved who they are with. */
export interface FactorOwner extends Actor {
  readonly acr: string | undefined;
  readonly authTimeSeconds: number | undefined;
  readonly sessionId: string | undefined;
  /** Typed for this very request. */
  readonly code: string | undefined;
}

export type FreshFailure = CodeFailure | { readonly code: 'fresh-sign-in-needed' };

/**
 * Whether somebody may change what signs them in: they signed in with all they have within five minutes, or send a code
 * along. A session somebody left open is not enough.
 */
export async function proveFresh(deps: CodeDeps, owner: FactorOwner): Promise<Result<void, FreshFailure>> {
  const secondFactors = await findSecondFactors(deps.database, owner.subject);
  if (isFreshSignIn(owner, secondFactors.length > 0, deps.clock())) return ok(undefined);
  if (owner.code === undefined || secondFactors.length === 0) return fail({ code: 'fresh-sign-in-needed' });
  const counter = codeCounter(deps.vault, owner.subject, owner.sessionId);
  return checkCode(deps, owner, owner.code, counter);
}
