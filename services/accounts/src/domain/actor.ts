import type { ActionOrigin } from '@florin/primitives';
import type { Account } from './account.ts';

/** Who asks, as rules see them. */
export interface Actor {
  readonly subject: string;
  readonly roles: readonly string[];
  /** The name to show to others; absent for people who gave none. */
  readonly name?: string;
  readonly traceId: string;
  /** Where the request came from; absent where the bank acts by itself. */
  readonly origin?: ActionOrigin;
}

const READING_STAFF: ReadonlySet<string> = new Set(['teller', 'supervisor', 'auditor']);
const FREEZING_STAFF: ReadonlySet<string> = new Set(['teller', 'supervisor', 'fraud-analyst']);
const COUNTER_STAFF: ReadonlySet<string> = new Set(['teller', 'supervisor']);

/** Somebody as they were when they asked for what is done only now. */
export function actorThen(asked: {
  readonly actor: string;
  readonly roles: readonly string[];
  readonly traceId: string;
  readonly origin?: ActionOrigin;
}): Actor {
  const { actor: subject, roles, traceId, origin } = asked;
  return { subject, roles, traceId, ...(origin === undefined ? {} : { origin }) };
}

/** What is kept of whoever asks for something that is done later. */
export function askedBy({ subject, roles, traceId, origin }: Actor) {
  return { actor: subject, roles, traceId, ...(origin === undefined ? {} : { origin }) };
}

export function isOwner(owners: readonly string[], actor: Pick<Actor, 'subject'>): boolean {
  return owners.includes(actor.subject);
}

/** Owners, and the staff who look accounts up. Anyone else must not learn that the account exists. */
export function mayRead(owners: readonly string[], actor: Pick<Actor, 'subject' | 'roles'>): boolean {
  return isOwner(owners, actor) || has(actor, READING_STAFF);
}

/** Staff who may act on this account: nobody acts as staff on an account of their own. */
export function isStaffFor(account: Account, actor: Actor, action: 'freeze' | 'counter'): boolean {
  return !isOwner(account.owners, actor) && has(actor, action === 'freeze' ? FREEZING_STAFF : COUNTER_STAFF);
}

function has(actor: Pick<Actor, 'roles'>, roles: ReadonlySet<string>): boolean {
  return actor.roles.some((role) => roles.has(role));
}
