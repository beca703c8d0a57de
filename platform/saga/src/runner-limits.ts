/** Every bound of a runner. */
export interface RunnerLimits {
  /** How late a saga of another process, or of before a crash, may be seen; it varies by a quarter up and down. */
  readonly pollMs: number;
  /** A claimed saga that nothing was written about is somebody else's after this. */
  readonly leaseMs: number;
  /** Sagas one look takes up. */
  readonly claimMax: number;
  /** Sagas that are worked on at once, beyond which none that is due is taken up; without those that wait for a turn. */
  readonly sagasMax: number;
  /** The same with those that wait, beyond which one that just started waits for the end of its lease. */
  readonly sagasInHandMax: number;
  /** Commands that are out at once, in all and to one participant. */
  readonly commandsMax: number;
  readonly commandsPerParticipantMax: number;
  /** Transitions in one group commit, and those that wait for the next. */
  readonly groupMax: number;
  readonly waitingMax: number;
  /** So many unanswered commands in a row, and a participant is left alone, first for the one time and then ever longer. */
  readonly breakerFailures: number;
  readonly breakerPauseMs: number;
  readonly breakerPauseMsMax: number;
  /** How long closing waits for the sagas in hand. */
  readonly drainMs: number;
}

export const RUNNER_LIMITS: RunnerLimits = {
  pollMs: 250,
  leaseMs: 10_000,
  claimMax: 64,
  sagasMax: 512,
  sagasInHandMax: 4_096,
  commandsMax: 512,
  commandsPerParticipantMax: 256,
  groupMax: 256,
  waitingMax: 8_192,
  breakerFailures: 8,
  breakerPauseMs: 1_000,
  breakerPauseMsMax: 30_000,
  drainMs: 5_000,
};
