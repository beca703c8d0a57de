import type { OutgoingEvent } from '@florin/messaging';
import type { Logger, Metrics } from '@florin/observability';
import type { Clock } from '@florin/primitives';
import { openSagaRunner, type SagaCommand, type SagaHost, type SagaRunner, type Transition } from '@florin/saga';
import { crossingTransfer, PAYEE_LEDGER, PAYER_LEDGER } from '../sagas/crossing-transfer.ts';
import { takeCrossingStep } from './crossing-steps.ts';
import type { Ledger } from './ledger.ts';
import type { Shards } from './shards.ts';

export interface SagaParts {
  readonly shards: Shards;
  /** What the world hears of a transition. */
  readonly outbox: (transition: Transition) => readonly OutgoingEvent[];
  /** Called when a transition of a shard is written. */
  readonly committed: (shard: number) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What carries transfers from shard to shard: each shard has the sagas of its own payers, and works on them. */
export async function openSagas(
  stores: readonly { readonly name: string; readonly url: string }[],
  { shards, outbox, committed, clock, logger, metrics }: SagaParts,
) {
  const transport = (command: SagaCommand) => takeCrossingStep(shards, command, clock());
  const runners = await Promise.all(
    stores.map(({ name, url }, index) =>
      openSagaRunner({
        name,
        url,
        definitions: [crossingTransfer],
        transports: { [PAYER_LEDGER]: transport, [PAYEE_LEDGER]: transport },
        outbox,
        committed: () => committed(index),
        logger,
        metrics,
      }),
    ),
  );
  const hosts = runners.map((runner, index): SagaHost => ({ runner, db: (shards.all[index] as Ledger).db }));
  const runnerOf = (shard: number) => runners[shard] as SagaRunner;
  return {
    desk: { runnerOf, findSaga: async (shard: number, id: string) => (await runnerOf(shard).find(id))?.saga },
    /** What staff look at, and where one of a given id is. */
    hosts,
    hostOf: (id: string) => hosts[shards.ofId(id).index] as SagaHost,
    drain: () => Promise.all(runners.map((runner) => runner.drain())),
    close: () => Promise.all(runners.map((runner) => runner.close())),
  };
}
