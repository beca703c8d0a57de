import { ok, type Result } from '@florin/primitives';
import type { CredentialFailure, PendingFederation } from '../domain/external-identity.ts';
import { type LetInDeps, type LetInFailure, letIn, refuse } from './let-in.ts';
import type { FederatedLogin } from './ports.ts';
import type { PasswordAccepted } from './sign-in.ts';

/** Somebody who comes back from another issuer: with what, to what was asked, in which interaction. */
export interface Return {
  readonly parameters: URLSearchParams;
  readonly pending: PendingFederation;
  readonly interactionUid: string;
}

/** `askedAtSeconds`: when they were asked there, which is as fresh as the sign-in is here. */
export type SignedInElsewhere = PasswordAccepted & { readonly askedAtSeconds: number | undefined };

/** Lets somebody in whom another issuer vouches for, or puts on record that it did not. */
export async function signInElsewhere(
  deps: LetInDeps,
  login: FederatedLogin,
  { parameters, pending, interactionUid }: Return,
  traceId: string,
): Promise<Result<SignedInElsewhere, LetInFailure | CredentialFailure>> {
  const identity = await login.finish(parameters, pending);
  if (!identity.ok) return refuse(deps, identity.failure, traceId);
  const accepted = await letIn(deps, identity.value, interactionUid, traceId);
  return accepted.ok ? ok({ ...accepted.value, askedAtSeconds: identity.value.askedAtSeconds }) : accepted;
}
