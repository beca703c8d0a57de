import { bucketOfIban } from '@florin/money';
import { BUCKET_COUNT, bucketOf, bucketOfCustomer, invariant } from '@florin/primitives';
import type { Account } from '../domain/account.ts';
import { findAccountIdByIban, findAccounts } from '../repositories/accounts.ts';
import type { Ledger } from './ledger.ts';

/**
 * The ledger's shards, each with books of its own in a database of its own. A customer's accounts, limits and keys are in
 * one of them, which is read from the bucket that stands in every id and IBAN; so nobody has to be asked where a thing is.
 */
export interface Shards<Shard = Ledger> {
  readonly all: readonly Shard[];
  /** The first, where what the whole ledger has once is kept: the business clock. */
  readonly first: Shard;
  /** Where an account, a hold, a transfer or a standing order is, should it exist. */
  ofId(id: string): Shard;
  /** A customer's home: their accounts, payees and idempotency keys. */
  ofCustomer(subject: string): Shard;
  /** Whether a customer's idempotency keys are in this shard. */
  isHome(subject: string, shard: Shard): boolean;
  /** Where the account of an IBAN of this bank is, should it exist. */
  ofIban(iban: string): Shard;
}

/** Which of so many shards a bucket is in: neighbours stay together, and each shard has as many as the next. */
export function shardOfBucket(bucket: number, count: number): number {
  return Math.floor((bucket * count) / BUCKET_COUNT);
}

export function createShards<Shard>(all: readonly Shard[]): Shards<Shard> {
  const [first] = all;
  invariant(first !== undefined, 'a ledger has at least one shard');
  const at = (bucket: number): Shard => all[shardOfBucket(bucket, all.length)] ?? first;
  return {
    all,
    first,
    ofId: (id) => at(bucketOf(id)),
    ofCustomer: (subject) => at(bucketOfCustomer(subject)),
    isHome: (subject, shard) => all.length === 1 || at(bucketOfCustomer(subject)) === shard,
    ofIban: (iban) => at(bucketOfIban(iban) ?? 0),
  };
}

/** What reading takes of a shard. */
export type Stored = Pick<Ledger, 'db'>;

/** Accounts as they are now, wherever they are. */
export async function findAccountsAnywhere(
  shards: Pick<Shards<Stored>, 'ofId'>,
  ids: readonly string[],
): Promise<Account[]> {
  if (ids.length === 0) return [];
  const groups = new Map<Stored, string[]>();
  for (const id of ids) {
    const ledger = shards.ofId(id);
    groups.set(ledger, [...(groups.get(ledger) ?? []), id]);
  }
  const found = await Promise.all([...groups].map(([ledger, some]) => findAccounts(ledger.db, some)));
  return found.flat();
}

/** The account of an IBAN as it is now, wherever it is. */
export async function findAccountByIban(
  shards: Pick<Shards<Stored>, 'ofIban'>,
  iban: string,
): Promise<Account | undefined> {
  const { db } = shards.ofIban(iban);
  const id = await findAccountIdByIban(db, iban);
  const [account] = id === undefined ? [] : await findAccounts(db, [id]);
  return account;
}
