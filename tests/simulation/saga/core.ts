import { decide, decideBarrier, startSaga } from '@florin/saga';

/**
 * What is under test, and what keeps it safe. The simulation runs `REAL`; the gate runs it with one safeguard taken away at
 * a time, by wrapping what is here and never by a switch in the product, and every one of them must be missed.
 */
export interface Core {
  readonly startSaga: typeof startSaga;
  readonly decide: typeof decide;
  readonly decideBarrier: typeof decideBarrier;
  /** A write must name the newest revision. */
  readonly isFenced: boolean;
  /** The number of an event is taken once: the primary key of the log. */
  readonly hasEventKey: boolean;
  /** The effect and its record are written together or not at all. */
  readonly isAtomic: boolean;
  /** Commands of sagas older than what participants remember are not run. */
  readonly refusesOld: boolean;
  /** Time is read from the database and not from the instance. */
  readonly usesDatabaseClock: boolean;
  /** A saga goes on by the definition it began with. */
  readonly keepsVersion: boolean;
  /** The receiver is credited last, after the point of no return. */
  readonly creditsLast: boolean;
}

export const REAL: Core = {
  startSaga,
  decide,
  decideBarrier,
  isFenced: true,
  hasEventKey: true,
  isAtomic: true,
  refusesOld: true,
  usesDatabaseClock: true,
  keepsVersion: true,
  creditsLast: true,
};
