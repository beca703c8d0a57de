import { invariant } from '@florin/primitives';
import { isSystemAccount, systemAccountCode } from '../domain/system-account.ts';
import type { BookedJournal } from '../repositories/journal-search.ts';
import { findAccountsAnywhere, type Shards, type Stored } from './shards.ts';

/** An account as staff see it beside a journal. */
export interface AccountLabel {
  readonly accountId: string;
  /** Null for the bank's own accounts. */
  readonly iban: string | null;
  /** The holder, or the code of the bank's own account. */
  readonly name: string;
}

/** A journal with who its two sides are. */
export interface DescribedJournal extends BookedJournal {
  readonly debit: AccountLabel;
  readonly credit: AccountLabel;
}

/** Says who the sides of journals are. */
export async function describeJournals(
  shards: Shards<Stored>,
  journals: readonly BookedJournal[],
): Promise<DescribedJournal[]> {
  const label = await labelsOf(shards, journals.flatMap(sidesOf));
  return journals.map((journal) => describeJournal(journal, label));
}

export function sidesOf(journal: BookedJournal): string[] {
  return [journal.debitAccountId, journal.creditAccountId];
}

export function describeJournal(journal: BookedJournal, label: (accountId: string) => AccountLabel): DescribedJournal {
  return { ...journal, debit: label(journal.debitAccountId), credit: label(journal.creditAccountId) };
}

/** Reads who accounts belong to, all at once; answers what gives the label of each. */
export async function labelsOf(
  shards: Shards<Stored>,
  accountIds: readonly string[],
): Promise<(accountId: string) => AccountLabel> {
  const customerIds = [...new Set(accountIds)].filter((id) => !isSystemAccount(id));
  const accounts = await findAccountsAnywhere(shards, customerIds);
  const byId = new Map(accounts.map((account) => [account.id, account]));
  return (accountId) => {
    if (isSystemAccount(accountId)) return { accountId, iban: null, name: systemAccountCode(accountId) };
    const account = byId.get(accountId);
    invariant(account !== undefined, 'a journal names accounts of this ledger');
    return { accountId, iban: account.iban, name: account.holderName };
  };
}
