import type { Account, LookedUpAccount } from '@florin/sdk';
import { useQuery } from '@tanstack/react-query';
import { accountLookUpQuery, staffAccountQuery } from '../../api/staff-queries.ts';
import type { Reading } from '../../parts/data-region.tsx';
import { useBank, useHasRole } from '../../session/use-bank.ts';

export interface StaffAccount {
  readonly account: Reading<Account>;
  /** The same account with who holds it; waits until its IBAN is known. */
  readonly lookedUp: Reading<LookedUpAccount>;
  /** Whether this person may see the account by its id, and what happened on it. */
  readonly mayRead: boolean;
  /** Whether there is a way to read it at all: without the right to, only its IBAN leads to it. */
  readonly isReachable: boolean;
}

/** An account by its id, for those who may; others, who look up IBANs only, see it by that of the address. */
export function useStaffAccount(accountId: string, iban: string | undefined): StaffAccount {
  const bank = useBank();
  const mayRead = useHasRole('teller', 'supervisor', 'auditor');
  const byId = useQuery({ ...staffAccountQuery(bank, accountId), enabled: mayRead });
  const known = mayRead ? byId.data?.iban : iban;
  const lookedUp = useQuery({ ...accountLookUpQuery(bank, known ?? ''), enabled: known !== undefined });
  return { account: mayRead ? byId : lookedUp, lookedUp, mayRead, isReachable: mayRead || iban !== undefined };
}
