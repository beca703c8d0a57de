import type { ActionOrigin } from '@florin/primitives';

/** Someone the bank knows. Roles are those of this moment; tokens carry a copy that lives five minutes. */
export interface Person {
  readonly id: string;
  readonly email: string;
  /** Whether a mail to the address was answered. */
  readonly emailConfirmed: boolean;
  readonly name: string;
  readonly login: string | undefined;
  readonly roles: readonly string[];
  readonly registeredAtMs: number;
}

/** Who is doing something, for the audit trail and for rules about oneself. */
export interface Actor {
  readonly subject: string;
  readonly roles: readonly string[];
  readonly traceId: string;
  /** Where the request came from; absent where the bank acts by itself. */
  readonly origin?: ActionOrigin;
}

/** One sign-in of a person at one client: what a grant is to the protocol. */
export interface SignIn {
  readonly id: string;
  readonly clientId: string;
  /** What signed in; undefined when it did not say or is nothing we know. */
  readonly device: string | undefined;
  readonly startedAtMs: number;
  readonly expiresAtMs: number;
  readonly lastSeenAtMs: number;
}
