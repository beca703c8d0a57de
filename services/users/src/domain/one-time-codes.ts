/** Codes of authenticator apps. */
export interface OneTimeCodes {
  /** A new random secret, in base 32. */
  newSecret(): string;
  /** What a QR code holds for an app to take the secret from (`otpauth://totp/...`). */
  address(secret: string, label: string): string;
  /** The step of 30 s since the epoch that a code is of; undefined when it is of none that counts now. */
  stepOf(secret: string, code: string, nowMs: number): number | undefined;
}
