/** What a password alone proves (OpenID Connect Core 1.0, `acr`). */
export const ACR_PASSWORD = 'urn:florin:acr:password';
/** Two things of different kinds: a password and a second factor, or a passkey that checked whose finger it was. */
export const ACR_TWO_FACTORS = 'urn:florin:acr:mfa';

/** What comes after a right password. */
export type SecondFactor = 'totp' | 'recovery-code' | 'passkey';

/** How somebody proved who they are, as it goes into their tokens. */
export interface Proof {
  readonly acr: string;
  /** RFC 8176. */
  readonly amr: readonly string[];
  /** When it was asked for, in seconds since 1970, where that is not now. */
  readonly askedAtSeconds?: number;
}

export const PASSWORD_PROOF: Proof = { acr: ACR_PASSWORD, amr: ['pwd'] };
export const CODE_PROOF: Proof = { acr: ACR_TWO_FACTORS, amr: ['pwd', 'otp', 'mfa'] };
export const PASSWORD_AND_PASSKEY_PROOF: Proof = { acr: ACR_TWO_FACTORS, amr: ['pwd', 'pop', 'mfa'] };
/** The key was shown (`pop`), and the authenticator checked its user (`user`), so it counts as two. */
export const PASSKEY_PROOF: Proof = { acr: ACR_TWO_FACTORS, amr: ['pop', 'user', 'mfa'] };

/** What somebody has set up. */
export interface Factors {
  readonly totpSinceMs: number | undefined;
  readonly recoveryCodesLeft: number;
  readonly passkeys: readonly Passkey[];
}

export interface Passkey {
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number | undefined;
}

/** What may follow a right password; empty when it is enough. Recovery codes are never all there is. */
export function secondFactorsOf(factors: {
  readonly hasTotp: boolean;
  readonly hasPasskey: boolean;
  readonly hasRecoveryCode: boolean;
}): readonly SecondFactor[] {
  if (!factors.hasTotp && !factors.hasPasskey) return [];
  return [
    ...(factors.hasPasskey ? (['passkey'] as const) : []),
    ...(factors.hasTotp ? (['totp'] as const) : []),
    ...(factors.hasRecoveryCode ? (['recovery-code'] as const) : []),
  ];
}

/** A sign-in older than this is too old to change what signs somebody in. */
export const FRESH_SIGN_IN_SECONDS = 5 * 60;

/**
 * Whether a sign-in is recent and strong enough to change factors by itself. Whoever has a second factor must have used
 * it: a stolen password must not be enough to take it away.
 */
export function isFreshSignIn(
  signIn: { readonly acr: string | undefined; readonly authTimeSeconds: number | undefined },
  hasSecondFactor: boolean,
  nowMs: number,
): boolean {
  if (signIn.authTimeSeconds === undefined) return false;
  if (hasSecondFactor && signIn.acr !== ACR_TWO_FACTORS) return false;
  return nowMs / 1_000 - signIn.authTimeSeconds <= FRESH_SIGN_IN_SECONDS;
}

/** What an authenticator answers when a passkey is made; binary parts in base64url. */
export interface PasskeyCreation {
  readonly id: string;
  readonly clientDataJSON: string;
  readonly attestationObject: string;
  readonly transports?: readonly string[];
}

/** What it answers when one is used. */
export interface PasskeyAssertion {
  readonly id: string;
  readonly clientDataJSON: string;
  readonly authenticatorData: string;
  readonly signature: string;
  /** Who the authenticator says it is; null when it was told which passkeys may answer. */
  readonly userHandle: string | null;
}

/** The name an authenticator keeps a person under: the bytes of their id, which say nothing (WebAuthn Level 3, 14.6.1). */
export function userHandleOf(personId: string): string {
  return Buffer.from(personId.replaceAll('-', ''), 'hex').toString('base64url');
}
