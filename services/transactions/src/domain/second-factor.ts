/** What somebody confirms with: a code of their app, or what a passkey signed. */
export interface FactorProof {
  readonly code?: string;
  readonly assertion?: object;
}

/** Why a factor was not taken, as who keeps the factors says it. */
export interface FactorRefusal {
  readonly code: 'wrong-code' | 'passkey-refused' | 'sign-in-delayed';
  readonly detail: string;
  readonly retryAfterSeconds: number | null;
}

/** Which passkeys may sign, in the terms of WebAuthn. */
export interface PasskeyDescriptors {
  readonly rpId: string;
  readonly timeout: number;
  readonly userVerification: 'required';
  readonly allowCredentials: readonly {
    readonly id: string;
    readonly type: 'public-key';
    readonly transports: string[];
  }[];
}
