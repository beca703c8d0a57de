import type { Account } from './account.ts';

/** Who asks, as rules see them. */
export interface Actor {
  readonly subject: string;
  readonly roles: readonly string[];
  /** What they may do by their roles. */
  readonly permissions: ReadonlySet<string>;
  /** The name to show to others; absent for people who gave none. */
  readonly name?: string;
  readonly traceId: string;
  /** Whether they pay others only what they confirm with a second factor. */
  readonly confirmsPayments?: boolean;
}

/** Who reads accounts, and all else that rules ask for before somebody is let near the account of another. */
export type Reader = Pick<Actor, 'subject' | 'permissions'>;
export type StaffPermission =
  | 'accounts:change:any'
  | 'accounts:close:any'
  | 'accounts:freeze:any'
  | 'accounts:unfreeze:any';

export function isOwner(owners: readonly string[], actor: Pick<Actor, 'subject'>): boolean {
  return owners.includes(actor.subject);
}

/** Owners, and the staff who look accounts up. Anyone else must not learn that the account exists. */
export function mayRead(owners: readonly string[], actor: Reader): boolean {
  return isOwner(owners, actor) || actor.permissions.has('accounts:read:any');
}

/** Staff who may act on this account: nobody acts as staff on an account of their own. */
export function isStaffFor(account: Account, actor: Actor, permission: StaffPermission): boolean {
  return !isOwner(account.owners, actor) && actor.permissions.has(permission);
}
