import type { Account } from '@florin/sdk';
import type { QueryClient } from '@tanstack/react-query';

/** An account as the stream tells of it; see the `account` event of GET /v1/stream. */
export interface AccountChange {
  readonly accountId: string;
  readonly status: Account['status'];
  readonly balance: Account['balance'];
}

/**
 * Puts a change into what is on the screen: the balance at once, when it is newer than what is there, and everything
 * made from the history is asked for again, and so are the accounts when it is of a new one. Applying a change twice, or late, changes nothing.
 */
export function applyChange(queries: QueryClient, change: AccountChange): void {
  const known = queries.getQueryData<Account[]>(['accounts']);
  if (known?.some(({ id }) => id === change.accountId) === false) {
    // One that was just opened: the stream tells its balance and not its name.
    void queries.invalidateQueries({ queryKey: ['accounts'] });
  } else
    queries.setQueryData<Account[]>(['accounts'], (accounts) =>
      accounts?.map((account) => (account.id === change.accountId ? newer(account, change) : account)),
    );
  void queries.invalidateQueries({ queryKey: ['history'] });
}

function newer(account: Account, { status, balance }: AccountChange): Account {
  return balance.version > account.balance.version ? { ...account, status, balance } : account;
}

/** Reads an event's data; undefined when it is not what we know, so that a newer bank does not break an open page. */
export function readChange(data: string): AccountChange | undefined {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return undefined;
  }
  return isChange(value) ? value : undefined;
}

function isChange(value: unknown): value is AccountChange {
  if (typeof value !== 'object' || value === null) return false;
  const { accountId, balance } = value as Partial<AccountChange>;
  return typeof accountId === 'string' && typeof balance === 'object' && typeof balance?.version === 'number';
}
