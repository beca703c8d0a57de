import type { Outcome, Saga, SagaCommand } from '@florin/saga';
import type { Shards } from './shards.ts';
import type { CrossingDeps } from './start-crossing.ts';

/** What an operation works with. */
export interface OperationParts extends CrossingDeps {
  readonly shards: Shards;
  /** A saga of a shard's own, by its id. */
  readonly findSaga: (shard: number, id: string) => Promise<Saga | undefined>;
  /** The system's clock, for the age of sagas. */
  readonly clock: () => number;
}

/** One thing that this ledger does for sagas of other services. */
export interface LedgerOperation {
  /** Whether it does a step or undoes one. */
  readonly op: SagaCommand['op'];
  /** Does it, exactly once (see `takeStep`); undefined, and nothing is done, when the payload is not one of its. */
  take(parts: OperationParts, command: SagaCommand): Promise<Outcome> | undefined;
}
