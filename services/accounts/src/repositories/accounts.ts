import { type Executor, sql, type Tx } from '@florin/postgres';
import { ACCOUNTS_PER_CUSTOMER_MAX, type Account, type AccountStatus, type EnforcedStatus } from '../domain/account.ts';

interface Row {
  id: string;
  iban: string;
  name: string;
  product_code: string;
  currency: string;
  holder_name: string;
  status: AccountStatus;
  owners: string[];
  overdraft_minor: bigint;
  daily_limit_minor: bigint;
  transfer_fee_minor: bigint;
  control_version: bigint;
  opened_at: Date;
}

const COLUMNS = sql`
  account.id, iban, name, product_code, currency, holder_name, status, overdraft_minor, daily_limit_minor,
  transfer_fee_minor, control_version, opened_at,
  ARRAY(SELECT customer_id FROM account_owner WHERE account_id = account.id ORDER BY customer_id) AS owners`;

export async function findAccount(db: Executor, id: string): Promise<Account | undefined> {
  const [row] = await db.query<Row>(sql`SELECT ${COLUMNS} FROM account WHERE id = ${id}`);
  return row && accountOf(row);
}

export async function findAccountByIban(db: Executor, iban: string): Promise<Account | undefined> {
  const [row] = await db.query<Row>(sql`SELECT ${COLUMNS} FROM account WHERE iban = ${iban}`);
  return row && accountOf(row);
}

/** The account, held against other changes until the transaction ends. */
export async function lockAccount(tx: Tx, id: string): Promise<Account | undefined> {
  const [row] = await tx.query<Row>(sql`SELECT ${COLUMNS} FROM account WHERE id = ${id} FOR NO KEY UPDATE OF account`);
  return row && accountOf(row);
}

/** The accounts of a customer, in the order they were opened; never more than a page. */
export async function listAccountsOf(db: Executor, customerId: string): Promise<Account[]> {
  const rows = await db.query<Row>(sql`
    SELECT ${COLUMNS} FROM account_owner AS mine JOIN account ON account.id = mine.account_id
    WHERE mine.customer_id = ${customerId} ORDER BY opened_at, account.id LIMIT ${ACCOUNTS_PER_CUSTOMER_MAX}`);
  return rows.map(accountOf);
}

/** How many accounts a customer has, with a lock that makes others who count wait: the limit is exact. */
export async function countAccountsLocked(tx: Tx, customerId: string): Promise<number> {
  await tx.query(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`accounts of ${customerId}`}, 0))`);
  const [row] = await tx.query<{ count: bigint }>(
    sql`SELECT count(*) FROM account_owner WHERE customer_id = ${customerId}`,
  );
  return Number(row?.count ?? 0);
}

/** Inserts an account and its owners; false when its IBAN is taken, and then nothing was written. */
export async function insertAccount(tx: Tx, account: Account): Promise<boolean> {
  const inserted = await tx.execute(sql`
    INSERT INTO account (id, iban, name, product_code, currency, holder_name, status, overdraft_minor,
      daily_limit_minor, transfer_fee_minor, control_version, opened_at)
    VALUES (${account.id}, ${account.iban}, ${account.name}, ${account.productCode}, ${account.currency},
      ${account.holderName}, ${account.status}, ${account.overdraftMinor}, ${account.dailyLimitMinor},
      ${account.transferFeeMinor}, ${account.controlVersion}, ${new Date(account.openedAtMs)})
    ON CONFLICT ON CONSTRAINT account_iban DO NOTHING`);
  if (inserted === 0) return false;
  await tx.execute(sql`
    INSERT INTO account_owner (account_id, customer_id)
    SELECT ${account.id}, customer_id FROM unnest(${account.owners}::text[]) AS customer_id`);
  return true;
}

/** Takes the next control version into use, whatever the ledger will say. */
export async function setControlVersion(tx: Tx, id: string, controlVersion: number): Promise<void> {
  await tx.execute(sql`UPDATE account SET control_version = ${controlVersion} WHERE id = ${id}`);
}

/** Writes down what the ledger now enforces. */
export async function setEnforced(
  tx: Tx,
  id: string,
  enforced: { readonly status: EnforcedStatus; readonly dailyLimitMinor: bigint },
): Promise<void> {
  await tx.execute(sql`
    UPDATE account SET status = ${enforced.status}, daily_limit_minor = ${enforced.dailyLimitMinor} WHERE id = ${id}`);
}

/** Sets when the account opened, by the business clock, once the ledger has it. */
export async function setOpenedAt(tx: Tx, id: string, openedAtMs: number): Promise<void> {
  await tx.execute(sql`UPDATE account SET opened_at = ${new Date(openedAtMs)} WHERE id = ${id}`);
}

export async function renameAccount(tx: Tx, id: string, name: string): Promise<void> {
  await tx.execute(sql`UPDATE account SET name = ${name} WHERE id = ${id}`);
}

function accountOf(row: Row): Account {
  return {
    id: row.id,
    iban: row.iban,
    name: row.name,
    productCode: row.product_code,
    currency: row.currency,
    holderName: row.holder_name,
    status: row.status,
    owners: row.owners,
    overdraftMinor: row.overdraft_minor,
    dailyLimitMinor: row.daily_limit_minor,
    transferFeeMinor: row.transfer_fee_minor,
    controlVersion: Number(row.control_version),
    openedAtMs: row.opened_at.getTime(),
  };
}
