import type { Principal } from './principal.ts';

/** What a sign-in with two factors proves, as our issuer says it (OpenID Connect Core 1.0, `acr`). */
const ACR_TWO_FACTORS = 'urn:florin:acr:mfa';
/** A sign-in older than this is too old for what is hard to take back. */
const FRESH_SECONDS = 5 * 60;

/** The `WWW-Authenticate` of who signed in with too little or too long ago (RFC 9470 section 3). */
export const STEP_UP_CHALLENGE = `Bearer error="insufficient_user_authentication", acr_values="${ACR_TWO_FACTORS}", max_age="${FRESH_SECONDS}"`;

/** Whether somebody signed in with two factors, however long ago. */
export function isStrong({ acr }: Principal): boolean {
  return acr === ACR_TWO_FACTORS;
}

/** Whether somebody signed in with two factors within five minutes. Asks the token alone. */
export function isFreshAndStrong(principal: Principal, nowMs: number): boolean {
  const { authTimeSeconds } = principal;
  return isStrong(principal) && authTimeSeconds !== undefined && nowMs / 1_000 - authTimeSeconds <= FRESH_SECONDS;
}
