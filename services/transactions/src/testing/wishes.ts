import type { AccountStatus } from '../domain/account.ts';

/** A command before it is known which accounts and holds there are: they are named by number. */
export type Wish =
  | { kind: 'transfer'; from: number; to: number; amount: number; actor: string; currency: string }
  | { kind: 'send'; from: number; amount: number; actor: string }
  | { kind: 'post-debit'; hold: number }
  | { kind: 'receive'; to: number; amount: number; currency: string }
  | { kind: 'deposit' | 'withdrawal'; account: number; amount: number; currency: string }
  | { kind: 'hold'; account: number; amount: number; expires: 'never' | 'now' | 'later'; isSagas: boolean }
  | { kind: 'capture'; hold: number; to: number; amount: number | null; currency: string }
  | { kind: 'void' | 'expire'; hold: number }
  | { kind: 'reversal'; journal: number; actor: string; force: boolean }
  | { kind: 'take-back'; journal: number; actor: string; force: boolean }
  | { kind: 'claim' | 'unclaim'; journal: number }
  | { kind: 'give-back'; to: number; amount: number }
  | {
      kind: 'control';
      account: number;
      step: number;
      status: AccountStatus;
      currency: string;
      overdraft: number;
      limit: number;
      fee: number;
    };

/** What the wishes of a history refer to. */
export interface Surroundings {
  readonly accountIds: readonly string[];
  readonly holds: readonly {
    readonly id: string;
    readonly account: string;
    readonly amount: bigint;
    readonly isSagas: boolean;
  }[];
  readonly journals: readonly {
    readonly id: string;
    readonly kind: string;
    readonly from: string;
    readonly to: string;
    readonly claimedBy: string | null;
  }[];
  readonly nowMs: number;
  controlVersionOf(accountId: string): number;
}

/** One of the newest, so that a short history finds what it did before. */
export function pick<Item>(items: readonly Item[], index: number): Item | undefined {
  return items.length === 0 ? undefined : items[items.length - 1 - (index % items.length)];
}
