import { must } from '../kernel/violation.ts';
import type { ChoreographyWorld } from './choreography-world.ts';
import type { Shard } from './shard.ts';
import type { TransferEvent } from './surroundings.ts';

/** What has to have been done for each end, and nothing else. */
const DONE: Readonly<Record<string, readonly string[]>> = {
  completed: ['debit', 'credit', 'complete'],
  refused: [],
  refunded: ['debit', 'refund'],
};
const EFFECTS = ['debit', 'credit', 'complete', 'refund'];

/** At rest: every transfer has ended (I14) as the books say (I7, I8), nothing waits (I12), no money was made or lost (I13). */
export function checkAtRest(world: ChoreographyWorld): void {
  for (const transfer of world.transfers.values()) checkTransfer(world, transfer);
  let sum = 0n;
  let clearing = 0n;
  for (const shard of world.shards) {
    checkQueues(shard);
    for (const [account, balance] of shard.balances) {
      sum += balance;
      if (account.endsWith('clearing')) clearing += balance;
    }
  }
  must(clearing === 0n, 'I5', 'world', () => `${clearing} is left in clearing`);
  must(sum === world.total, 'I13', 'world', () => `there was ${world.total}, and there is ${sum}`);
}

function checkTransfer({ tracker, shards }: ChoreographyWorld, { transferId }: TransferEvent): void {
  const tracking = tracker.find(transferId);
  const end = tracking?.end ?? null;
  must(
    end !== null,
    'I14',
    transferId,
    () => `it has not ended: ${tracking?.facts.join(', ') ?? 'nobody heard of it'}`,
  );
  const done = EFFECTS.filter((does) => shards.some((shard) => shard.effect(transferId, does) > 0));
  const isRight = done.join() === DONE[end ?? '']?.join();
  must(isRight, end === 'completed' ? 'I7' : 'I8', transferId, () => `${end}, and what was done is ${done.join(', ')}`);
}

function checkQueues({ name, outbox, parked }: Shard): void {
  const [waiting] = outbox.values();
  must(waiting === undefined, 'I12', waiting?.transferId ?? name, () => `${waiting?.id} is still in the outbox`);
  const [aside] = parked.values();
  must(aside === undefined, 'I12', aside?.transferId ?? name, () => `${aside?.id} is still put aside`);
}
