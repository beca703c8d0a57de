import { Fault } from '@florin/primitives';
import { planStack, type StackOptions } from './plan.ts';
import { isStandby } from './postgres.ts';
import { leaderOf, startLeader } from './replication.ts';
import { stopServer } from './servers.ts';
import {
  catchUp,
  copyWhole,
  dropSlot,
  fence,
  leaveOld,
  type Moving,
  makeItsOwn,
  open,
  replayAll,
} from './shard-server.ts';
import { databaseOfShard, noteShards, type Shards, shardServerOf, shardsOf } from './shards.ts';
import { startStack } from './stack.ts';
import { refuseUnfinished } from './unfinished-restore.ts';

/**
 * Gives a shard of the ledger a server of its own. The copy is made while the bank works; then the ledgers are ended for as long as
 * it takes the copy to replay the rest and to be let write. Faults with `stack-shard` for a shard that can not move or has moved, and
 * with `stack-server`; then, or interrupted while it copies, all is as before. Interrupted later, the ledgers do not start until it is
 * called again: what it had done it finds done.
 */
export async function moveShard(options: StackOptions, shard: number): Promise<void> {
  const { home, progress } = options;
  refuseUnfinished(home);
  const shards = shardsOf(home);
  const server = shardServerOf(shards, shard);
  refuseMoved(shards, shard);
  const { postgres: place, pair, up } = await planStack(options);
  const moving = { place, server, database: databaseOfShard(shard) };
  await startLeader(place, pair);
  if (shards.moving === undefined) {
    await stopServer(home, server);
    await copyWhole(moving);
    await up(server);
    await catchUp(moving);
    progress(server, 'is a copy that follows');
    noteShards(home, { ...shards, moving: shard });
  } else {
    await up(server);
  }
  if (isStandby(place, server)) await cutOff(options, moving, shards);
  await makeItsOwn(moving);
  await leaveOld(moving);
  noteShards(home, { count: shards.count, own: [...shards.own, shard].sort((left, right) => left - right) });
  progress(`shard ${shard}`, `is on ${server}`);
  // It is to look at the new one as well.
  await stopServer(home, 'prometheus');
  await startStack({ ...options, isEmpty: true });
}

function refuseMoved(shards: Shards, shard: number): void {
  if (shards.own.includes(shard)) throw new Fault('stack-shard', `shard ${shard} has a server of its own already`);
  if (shards.moving !== undefined && shards.moving !== shard) {
    throw new Fault('stack-shard', `the move of shard ${shards.moving} is to be finished first`);
  }
}

/** From here on nobody writes to the database where it was. What fails leaves all as before, and the bank at work. */
async function cutOff(options: StackOptions, moving: Moving, shards: Shards): Promise<void> {
  const { home, progress } = options;
  try {
    // They finish what they have begun.
    await Promise.all((['transactions', 'transactions2'] as const).map((ledger) => stopServer(home, ledger)));
    progress('ledgers', 'are ended for a moment');
    await fence(moving);
    await replayAll(moving);
  } catch (error) {
    await giveUp(options, moving, shards);
    throw error;
  }
}

async function giveUp(options: StackOptions, moving: Moving, { count, own }: Shards): Promise<void> {
  const { home } = options;
  await stopServer(home, moving.server);
  await dropSlot(moving);
  await open(moving, leaderOf(moving.place));
  noteShards(home, { count, own });
  await startStack({ ...options, isEmpty: true });
}
