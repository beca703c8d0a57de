import type { IsoDate } from '@florin/primitives';

export type HoldStatus = 'open' | 'captured' | 'voided' | 'expired';

/** Money set aside on one account. It ends exactly once: captured (in whole or in part), voided or expired. */
export interface Hold {
  readonly id: string;
  readonly accountId: string;
  readonly amountMinor: bigint;
  readonly capturedMinor: bigint;
  readonly currency: string;
  readonly status: HoldStatus;
  readonly reference: string;
  /** The business date whose limit it counts against. */
  readonly day: IsoDate;
  readonly expiresAtMs: number | null;
  /** A hold of an open saga does not expire: the saga ends it. */
  readonly sagaId: string | null;
}
