import { personErased } from '@florin/contracts';
import { PoisonEvent, type ReceivedEvent } from '@florin/messaging';
import type { Tx } from '@florin/postgres';
import { forgetPerson } from '../use-cases/forget-person.ts';

/** What makes a shard forget who was erased. Each shard hears everything: any may have something of theirs. */
export function createErasures(shardName: string) {
  return {
    group: `${shardName}.erasures`,
    topics: [personErased.topic],
    async handle(events: readonly ReceivedEvent[], tx: Tx): Promise<void> {
      for (const personId of events.map(erasedBy)) await forgetPerson(tx, personId);
    },
  };
}

function erasedBy({ data }: ReceivedEvent): string {
  const { userId } = data as { readonly userId: unknown };
  if (typeof userId !== 'string') throw new PoisonEvent('who was erased is missing');
  return userId;
}
