import type { Actor } from './actor.ts';

/** Whom the bank asks to confirm: those who have a second factor, or everybody, who then can not pay without one. */
export type StrongAuthentication = 'enrolled' | 'always';

/** Who pays, and in which sign-in: a confirmation is good in no other. */
export interface Payer extends Actor {
  readonly sessionId: string;
  readonly hasSecondFactor: boolean;
  /** They allowed a program this very payment, with a second factor: that was the confirmation. */
  readonly hasConsented?: boolean;
}
