import type { Role, User } from '@florin/sdk';
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Bank } from './bank.ts';
import type { SessionState } from './session.ts';

export const BankContext = createContext<Bank | undefined>(undefined);

/** The bank this page talks to. */
export function useBank(): Bank {
  const bank = useContext(BankContext);
  if (bank === undefined) throw new Error('the page is outside of its BankContext');
  return bank;
}

export function useSession(): SessionState {
  const { session } = useBank();
  return useSyncExternalStore(session.subscribe, session.get);
}

/** Whoever is, or just was, signed in; for pages that are only shown to somebody. */
export function useUser(): User {
  const state = useSession();
  if (state.kind === 'signed-in' || state.kind === 'expired') return state.user;
  throw new Error('this page is for somebody who is signed in');
}

/** Whether the person has one of these roles. The bank decides again on every request; this only hides what would fail. */
export function useHasRole(...roles: readonly Role[]): boolean {
  return useUser().roles.some((role) => roles.includes(role));
}
