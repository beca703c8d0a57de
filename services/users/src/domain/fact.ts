import type { Actor } from './person.ts';

/** What happened here that others have to hear of. Stored in the same transaction as the change itself. */
export type Fact =
  | {
      readonly kind: 'person-registered';
      readonly personId: string;
      readonly isCustomer: boolean;
      readonly isConfirmed: boolean;
    }
  | RegistrationRestated
  | { readonly kind: 'person-erased'; readonly personId: string }
  | SessionsRevoked
  | FactorChanged
  | SecurityChanged
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

/** A way in changed, or somebody tries to find one: its owner is to hear of it, in their inbox and by mail. */
export interface SecurityChanged {
  readonly kind: 'security-changed';
  readonly personId: string;
  readonly change:
    | 'password-changed'
    | 'password-reset'
    | 'email-change-asked'
    | 'email-changed'
    | 'device-added'
    | 'sign-in-guessed'
    | 'signed-out-everywhere'
    | 'disabled'
    | 'enabled';
  /** Of a new browser. */
  readonly device?: string;
  /** Where the mail goes, when that is not their present address. */
  readonly mailTo?: string;
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
