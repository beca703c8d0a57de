import { fail, ok, type Result, utcDate } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import { type Actor, mayRead } from '../domain/actor.ts';
import type { MinimumVersions } from '../domain/balance.ts';
import { dayRange } from '../domain/calendar.ts';
import { type Closing, withNewerLines } from '../domain/closing-balances.ts';
import { type AccountFailure, NOT_FOUND } from '../domain/failures.ts';
import { findAccount } from '../repositories/accounts.ts';
import { findBalanceViews } from '../repositories/balances.ts';
import { findClosings, firstBookedAtMs } from '../repositories/insights.ts';
import { businessToday } from './business-today.ts';
import { newerLines } from './newer-lines.ts';
import type { Deps } from './ports.ts';

export interface BalanceHistoryRequest {
  readonly accountId: string;
  /** Days of the business calendar, `YYYY-MM-DD`, both included; the last 90 up to today when absent. */
  readonly from?: string;
  readonly to?: string;
  readonly minimum: MinimumVersions;
}

export interface BalanceHistory {
  readonly currency: string;
  readonly closings: readonly Closing[];
}

/**
 * What was on an account at the end of each day, oldest first. Days before the account was opened, and days that have
 * not come, are left out. Fails with `account-not-found`, also for somebody else's account, or `invalid-date`.
 */
export async function readBalanceHistory(
  deps: Pick<Deps, 'db' | 'ledger' | 'metrics' | 'clock'>,
  actor: Actor,
  request: BalanceHistoryRequest,
): Promise<Result<BalanceHistory, AccountFailure>> {
  const account = await findAccount(deps.db, request.accountId);
  if (account === undefined || !mayRead(account.owners, actor)) return fail(NOT_FOUND);
  const [view] = await findBalanceViews(deps.db, [account.id]);
  const newest = view === undefined ? [] : (await newerLines(deps, view, request.minimum)).lines;
  const today = await businessToday(deps, [account.id], newest);
  const range = dayRange(request, today);
  if (!range.ok) return range;
  const from = later(range.value.from, await openingDay(deps, account));
  const to = range.value.to < today ? range.value.to : today;
  const known = from > to ? [] : await findClosings(deps.db, account.id, { from, to });
  return ok({ currency: account.currency, closings: withNewerLines(known, newest) });
}

/** The business clock may be behind the one that told when the account was opened; its first line says so. */
async function openingDay(deps: Pick<Deps, 'db'>, account: Account): Promise<string> {
  const firstMs = (await firstBookedAtMs(deps.db, account.id)) ?? account.openedAtMs;
  return utcDate(Math.min(firstMs, account.openedAtMs));
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}
