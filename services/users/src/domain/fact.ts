import type { Actor } from './person.ts';

/** What happened here that others have to hear of. Stored in the same transaction as the change itself. */
export type Fact =
  | { readonly kind: 'person-registered'; readonly personId: string; readonly isCustomer: boolean }
  | RegistrationRestated
  | SessionsRevoked
  | FactorChanged
  | {
      readonly kind: 'audited';
      readonly actor: Actor;
      readonly action: string;
      readonly resource: string;
      readonly outcome: 'done' | 'refused';
      readonly reason?: string;
    };

/** Somebody registered, said again because what follows from it did not come. */
export interface RegistrationRestated {
  readonly kind: 'registration-restated';
  readonly personId: string;
  /** From 2 on. */
  readonly attempt: number;
  readonly registeredAtMs: number;
}

export interface SessionsRevoked {
  readonly kind: 'sessions-revoked';
  readonly personId: string;
  /** Only this sign-in; all of them when absent. */
  readonly signInId?: string;
}

/** What signs somebody in changed, or a code was spent that they have few of: they are to hear of it. */
export interface FactorChanged {
  readonly kind: 'factor-changed';
  readonly personId: string;
  readonly change:
    | 'totp-added'
    | 'totp-removed'
    | 'passkey-added'
    | 'passkey-removed'
    | 'recovery-codes-made'
    | 'recovery-code-used';
}

/** A change of what signs somebody in, for themselves and for the audit trail. */
export function factorChanged(actor: Actor, change: FactorChanged['change']): readonly Fact[] {
  return [
    { kind: 'factor-changed', personId: actor.subject, change },
    audited(actor, `users.${change}`, actor.subject),
  ];
}

/** An audit fact about something a person did or tried to do to themselves. */
export function audited(actor: Actor, action: string, resource: string, refusal?: string): Fact {
  return {
    kind: 'audited',
    actor,
    action,
    resource,
    outcome: refusal === undefined ? 'done' : 'refused',
    ...(refusal === undefined ? {} : { reason: refusal }),
  };
}
