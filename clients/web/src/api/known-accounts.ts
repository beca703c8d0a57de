import type { Account } from '@florin/sdk';
import type { QueryClient } from '@tanstack/react-query';

/** Puts an account, as the bank just answered it, among those that are shown: a changed one in its place, a new one last. */
export function putAccount(queries: QueryClient, account: Account): void {
  queries.setQueryData<Account[]>(['accounts'], (accounts) => {
    if (accounts === undefined) return undefined;
    const isKnown = accounts.some(({ id }) => id === account.id);
    return isKnown ? accounts.map((one) => (one.id === account.id ? account : one)) : [...accounts, account];
  });
}
