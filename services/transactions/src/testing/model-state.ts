// What the plain model of the ledger remembers.

import type { Command } from '../domain/command.ts';

/** The commands of a kind. */
export type Of<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

export interface ModelAccount {
  currency: string;
  status: string;
  owners: readonly string[];
  posted: bigint;
  held: bigint;
  overdraft: bigint;
  limit: bigint;
  fee: bigint;
  version: number;
  control: number;
  day: string;
  spent: bigint;
}
export interface ModelHold {
  account: string;
  amount: bigint;
  captured: bigint;
  status: string;
  day: string;
  expiresAt: number | null;
  isSagas: boolean;
}
export interface ModelJournal {
  kind: string;
  from: string;
  to: string;
  amount: bigint;
  currency: string;
  isReversed: boolean;
  claimedBy: string | null;
  refused: Set<string>;
}
export interface State {
  accounts: Map<string, ModelAccount>;
  holds: Map<string, ModelHold>;
  journals: Map<string, ModelJournal>;
  /** What the bank's own accounts have. */
  bank: Map<string, bigint>;
}
/** `ok`, or why not; and which accounts changed. */
export interface Verdict {
  readonly code: string;
  readonly changed: readonly string[];
}
export type Moment = { readonly nowMs: number; readonly day: string };

/** Counts towards the day's limit, or says that it does not fit. */
export function spend(account: ModelAccount, amount: bigint, day: string): boolean {
  const spent = account.day === day ? account.spent : 0n;
  if (spent + amount > account.limit) return false;
  account.day = day;
  account.spent = spent + amount;
  return true;
}

export function yes(...changed: string[]): Verdict {
  return { code: 'ok', changed };
}

export function no(code: string): Verdict {
  return { code, changed: [] };
}

export function addJournal(
  { journals }: State,
  ...[id, kind, from, to, amount, currency]: [string, string, string, string, bigint, string]
): void {
  const fresh = { isReversed: false, claimedBy: null, refused: new Set<string>() };
  journals.set(id, { kind, from, to, amount, currency, ...fresh });
}

/** Changes what one of the bank's own accounts has. */
export function moveOfBank({ bank }: State, id: string, change: bigint): void {
  bank.set(id, (bank.get(id) ?? 0n) + change);
}
