import { type Executor, sql } from '@florin/postgres';
import type { Account, AccountStatus } from '../domain/account.ts';

interface AccountRow {
  id: string;
  iban: string;
  holder_name: string;
  currency: string;
  status: AccountStatus;
  owners: string[];
  posted: bigint;
  held: bigint;
  overdraft: bigint;
  version: bigint;
  control_version: bigint;
  daily_limit: bigint;
  day: string;
  spent_today: bigint;
  transfer_fee: bigint;
}

const COLUMNS = sql`id, iban, holder_name, currency, status, owners, posted, held, overdraft, version,
  control_version, daily_limit, day, spent_today, transfer_fee`;

/**
 * Locks those of the accounts that nobody else has locked, and answers them. It never waits: what is missing in the
 * answer is either unknown or busy (`findExistingAccounts` tells). The order by id is the lock order of the ledger.
 */
export async function lockFreeAccounts(tx: Executor, ids: readonly string[]): Promise<Account[]> {
  const rows = await tx.query<AccountRow>(sql`
    SELECT ${COLUMNS} FROM account WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED`);
  return rows.map(toAccount);
}

/** Locks accounts and answers them; waits for who has them as long as the transaction's `lock_timeout` lets it. */
export async function lockAccounts(tx: Executor, ids: readonly string[]): Promise<Account[]> {
  const rows = await tx.query<AccountRow>(sql`
    SELECT ${COLUMNS} FROM account WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR NO KEY UPDATE`);
  return rows.map(toAccount);
}

/** Which of the accounts exist, locked or not. */
export async function findExistingAccounts(tx: Executor, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(sql`SELECT id FROM account WHERE id = ANY(${ids}::uuid[])`);
  return new Set(rows.map((row) => row.id));
}

/** Accounts as they are now, without locking them. */
export async function findAccounts(db: Executor, ids: readonly string[]): Promise<Account[]> {
  const rows = await db.query<AccountRow>(sql`SELECT ${COLUMNS} FROM account WHERE id = ANY(${ids}::uuid[])`);
  return rows.map(toAccount);
}

/** The account an IBAN belongs to; IBANs are never given to another account. */
export async function findAccountIdByIban(db: Executor, iban: string): Promise<string | undefined> {
  const rows = await db.query<{ id: string }>(sql`SELECT id FROM account WHERE iban = ${iban}`);
  return rows[0]?.id;
}

/** Writes the states that a batch left its locked accounts in. */
export function updateAccounts(tx: Executor, accounts: readonly Account[]): Promise<number> {
  return tx.execute(sql`
    UPDATE account SET
      posted = changed.posted, held = changed.held, version = changed.version,
      day = changed.day, spent_today = changed.spent_today
    FROM unnest(${accounts.map((a) => a.id)}::uuid[], ${accounts.map((a) => a.postedMinor)}::bigint[],
      ${accounts.map((a) => a.heldMinor)}::bigint[], ${accounts.map((a) => a.version)}::bigint[],
      ${accounts.map((a) => a.day)}::date[], ${accounts.map((a) => a.spentTodayMinor)}::bigint[]
    ) AS changed (id, posted, held, version, day, spent_today)
    WHERE account.id = changed.id`);
}

/**
 * Adds an account that was opened. One that another instance opened a moment ago is a unique violation: the batch
 * runs again and decides over the account as it then is.
 */
export function insertAccount(tx: Executor, account: Account): Promise<number> {
  return tx.execute(sql`
    INSERT INTO account (${COLUMNS})
    VALUES (${account.id}, ${account.iban}, ${account.holderName}, ${account.currency}, ${account.status},
      ${account.owners}::text[], ${account.postedMinor}, ${account.heldMinor}, ${account.overdraftMinor},
      ${account.version}, ${account.controlVersion}, ${account.dailyLimitMinor}, ${account.day},
      ${account.spentTodayMinor}, ${account.transferFeeMinor})`);
}

/** Writes an account that got new instructions: every column, one statement an account (rare). */
export function replaceAccount(tx: Executor, account: Account): Promise<number> {
  return tx.execute(sql`
    UPDATE account SET
      iban = ${account.iban}, holder_name = ${account.holderName}, status = ${account.status},
      owners = ${account.owners}::text[], posted = ${account.postedMinor}, held = ${account.heldMinor},
      overdraft = ${account.overdraftMinor}, version = ${account.version}, control_version = ${account.controlVersion},
      daily_limit = ${account.dailyLimitMinor}, day = ${account.day}, spent_today = ${account.spentTodayMinor},
      transfer_fee = ${account.transferFeeMinor}
    WHERE id = ${account.id}`);
}

function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    iban: row.iban,
    holderName: row.holder_name,
    currency: row.currency,
    status: row.status,
    owners: row.owners,
    postedMinor: row.posted,
    heldMinor: row.held,
    overdraftMinor: row.overdraft,
    version: Number(row.version),
    controlVersion: Number(row.control_version),
    dailyLimitMinor: row.daily_limit,
    day: row.day,
    spentTodayMinor: row.spent_today,
    transferFeeMinor: row.transfer_fee,
  };
}
