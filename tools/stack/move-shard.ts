import { type Plan, planStack, type StackOptions } from './plan.ts';
import { isStandby } from './postgres.ts';
import { leaderOf, startLeader } from './replication.ts';
import { stopServer } from './servers.ts';
import {
  catchUp,
  copyWhole,
  dropOthers,
  dropSlot,
  fence,
  leaveOld,
  type Moving,
  open,
  promote,
  replayAll,
} from './shard-server.ts';
import { databaseOfShard, noteShards, refuseUnfinishedMove, type Shards, shardServerOf, shardsOf } from './shards.ts';
import { startStack } from './stack.ts';
import { refuseUnfinished } from './unfinished-restore.ts';

/**
 * Gives a shard of the ledger a server of its own. The copy is made while the bank works; then the ledgers are ended for as long as
 * it takes the copy to replay the rest and to begin to write. Faults with `stack-shard` for a shard that can not move, and with
 * `stack-server`; then all is as before. Killed while it copies, too. Killed later, no ledger starts until it is called again: what
 * it had done it finds done.
 */
export async function moveShard(options: StackOptions, shard: number): Promise<void> {
  const { home, progress } = options;
  refuseUnfinished(home);
  const shards = shardsOf(home);
  const server = shardServerOf(shards, shard);
  if (shards.moving !== undefined && shards.moving !== shard) refuseUnfinishedMove(home);
  const planned = await planStack(options);
  const moving = { place: planned.postgres, server, database: databaseOfShard(shard) };
  if (!shards.own.includes(shard)) await move(options, planned, moving, shard);
  progress(`shard ${shard}`, `is on ${server}`);
  await startStack({ ...options, isEmpty: true });
  await leaveOld(moving);
  await dropOthers(moving);
}

/** Until it is noted that the shard has moved, nobody has written to the copy, and what was left is whole. */
async function move(options: StackOptions, planned: Plan, moving: Moving, shard: number): Promise<void> {
  const { home } = options;
  const { count, own, moving: isUnderWay } = shardsOf(home);
  await startLeader(moving.place, planned.pair);
  try {
    if (isUnderWay === undefined) {
      await makeCopy(options, planned, moving);
      noteShards(home, { count, own, moving: shard });
    } else {
      await planned.up(moving.server);
    }
    if (isStandby(moving.place, moving.server)) await cutOff(options, moving);
    await promote(moving);
  } catch (error) {
    await giveUp(options, moving, { count, own });
    throw error;
  }
  noteShards(home, { count, own: [...own, shard].sort((left, right) => left - right) });
  // It is to look at the new one as well.
  await stopServer(home, 'prometheus');
}

async function makeCopy({ home, progress }: StackOptions, { up }: Plan, moving: Moving): Promise<void> {
  // Of a copy that was interrupted.
  await stopServer(home, moving.server);
  await copyWhole(moving);
  await up(moving.server);
  await catchUp(moving);
  progress(moving.server, 'is a copy that follows');
}

/** From here on nobody writes to the database where it was. */
async function cutOff({ home, progress }: StackOptions, moving: Moving): Promise<void> {
  // They finish what they have begun.
  await Promise.all((['transactions', 'transactions2'] as const).map((ledger) => stopServer(home, ledger)));
  progress('ledgers', 'are ended for a moment');
  await fence(moving);
  await replayAll(moving);
}

async function giveUp(options: StackOptions, moving: Moving, shards: Shards): Promise<void> {
  await stopServer(options.home, moving.server);
  await dropSlot(moving);
  await open(moving, leaderOf(moving.place));
  noteShards(options.home, shards);
  await startStack({ ...options, isEmpty: true });
}
