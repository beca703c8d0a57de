import type { ActionOrigin } from '@florin/primitives';
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
  /** Who agreed to it, where it takes two people. */
  readonly secondPerson?: string;
  /** Whether they pay others only what they confirm with a second factor. */
  readonly confirmsPayments?: boolean;
  /** Where the request came from; absent where the bank acts by itself. */
  readonly origin?: ActionOrigin;
}

/** Who reads accounts, and all else that rules ask for before somebody is let near the account of another. */
export type Reader = Pick<Actor, 'subject' | 'permissions'>;
export type StaffPermission =
  | 'accounts:change:any'
  | 'accounts:close:any'
  | 'accounts:freeze:any'
  | 'accounts:unfreeze:any';

/** Somebody as they were when they asked for what is done only now: what they may do was decided then. */
export function actorThen(asked: {
  readonly actor: string;
  readonly roles: readonly string[];
  readonly traceId: string;
  readonly origin?: ActionOrigin;
}): Actor {
  const { actor: subject, roles, traceId, origin } = asked;
  return { subject, roles, permissions: NOTHING_MORE, traceId, ...(origin === undefined ? {} : { origin }) };
}

const NOTHING_MORE: ReadonlySet<string> = new Set();

/** What is kept of whoever asks for something that is done later. */
export function askedBy({ subject, roles, traceId, origin }: Actor) {
  return { actor: subject, roles, traceId, ...(origin === undefined ? {} : { origin }) };
}

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
