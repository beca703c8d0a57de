/** Access tokens that are no longer good although they have not expired, in the words others are told of it. */
export interface Revocation {
  readonly userId: string;
  /** Tokens issued before this second of the epoch. */
  readonly notBefore: number;
  /** Only this sign-in; all of the user's when absent. */
  readonly sessionId?: string;
}

/** Access tokens live five minutes; remembered twice as long, for clocks that differ and doors that open slowly. */
export const REVOCATION_MEMORY_SECONDS = 10 * 60;
