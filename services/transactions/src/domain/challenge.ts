import type { ActionOrigin } from '@florin/primitives';

/** What is confirmed: dynamic linking ties a confirmation to exactly this. */
export interface Linked {
  readonly kind: 'transfer' | 'standing-order';
  readonly debitAccountId: string;
  readonly payeeIban: string;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reference: string;
  /** What else the payer is shown and the bank goes by, as of a standing order its dates. */
  readonly terms: readonly string[];
}

/** What a payer is asked to confirm. */
export interface Challenge extends Linked {
  readonly id: string;
  readonly nonce: string;
  /** SHA-256 of the payment and the nonce, base64url: what a passkey signs. */
  readonly hash: string;
  readonly payeeName: string | null;
  readonly subject: string;
  readonly sessionId: string;
  readonly roles: readonly string[];
  readonly traceId: string;
  readonly origin?: ActionOrigin;
  readonly expiresAtMs: number;
}
