import { isUuid } from '@florin/primitives';
import type { JsonObject } from '@florin/saga';

// The accounts service closes an account that holds money by a saga of its own; the ledger takes part. This is what the
// saga says of it, as far as the ledger reads it.

/** The closing of an account. */
export interface AccountClosing {
  readonly accountId: string;
  /** Where the money goes. */
  readonly targetAccountId: string;
  /** The id of the transfer that takes it there; in the books of the account. */
  readonly sweepId: string;
  /** The version of the first instruction; the next one is that of the last, or of the one that takes it back. */
  readonly controlVersion: number;
  readonly statusBefore: 'active' | 'frozen';
  /** Whether it may be closed although it is frozen. */
  readonly mayBeFrozen: boolean;
  /** Who asked for it. */
  readonly actor: string;
}

/** Reads what a saga says; undefined when it is not the closing of an account. */
export function readClosing(input: JsonObject): AccountClosing | undefined {
  const { accountId, targetAccountId, sweepId, controlVersion, statusBefore, mayBeFrozen, actor } = input;
  if (!isId(accountId) || !isId(targetAccountId) || !isId(sweepId)) return undefined;
  if (typeof controlVersion !== 'number' || !Number.isSafeInteger(controlVersion) || controlVersion < 1) {
    return undefined;
  }
  if ((statusBefore !== 'active' && statusBefore !== 'frozen') || typeof mayBeFrozen !== 'boolean') return undefined;
  if (typeof actor !== 'string' || actor === '') return undefined;
  return { accountId, targetAccountId, sweepId, controlVersion, statusBefore, mayBeFrozen, actor };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && isUuid(value);
}
