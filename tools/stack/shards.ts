import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '@florin/primitives';
import { writePrivately } from '../secrets.ts';
import { SHARD_EXPORTERS, type ShardExporter } from './exporters.ts';
import { SHARD_SERVERS, type ShardServer } from './postgres.ts';

/** What is known of the databases that the ledger of a stack is spread over. */
export interface Shards {
  readonly count: number;
  /** Those that have a server of their own; the others are on the one that leads. */
  readonly own: readonly number[];
  /** On its way to a server of its own, and nobody may start a ledger: it would not be known where to. */
  readonly moving?: number;
}

/** The first one stays with the other databases. */
const SHARDS_MAX = SHARD_SERVERS.length + 1;

/**
 * The shards of a stack: `count` of them when it is made, one when nothing is said, and as many ever after. Faults with
 * `stack-shard` for another number: what is in the books says by its ids in which of how many it is.
 */
export function shardsOf(home: string, count?: number): Shards {
  const known = knownShards(home);
  const wanted = count ?? known?.count ?? 1;
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > SHARDS_MAX) {
    throw new Fault('stack-shard', `the ledger of a stack has from 1 to ${SHARDS_MAX} shards`);
  }
  if (known !== undefined && known.count !== wanted) {
    throw new Fault('stack-shard', `the ledger was made with ${known.count} shards, and keeps as many`);
  }
  if (known !== undefined) return known;
  const shards = { count: wanted, own: [] };
  noteShards(home, shards);
  return shards;
}

/** Notes where the shards are, whole or not at all: what is said here is where ledgers go. */
export function noteShards(home: string, shards: Shards): void {
  mkdirSync(home, { recursive: true, mode: 0o711 });
  writePrivately(fileOf(home), shards);
}

/** The server of a shard, once it has one of its own. Faults with `stack-shard` for one that can not have any. */
export function shardServerOf({ count }: Shards, shard: number): ShardServer {
  const server = Number.isInteger(shard) && shard < count ? SHARD_SERVERS[shard - 1] : undefined;
  if (server !== undefined) return server;
  const some = count === 1 ? 'there is no other' : `those from 1 to ${count - 1} may move`;
  throw new Fault('stack-shard', `shard 0 stays with the other databases; ${some}`);
}

/** The servers of their own that shards have now. */
export function ownServersOf(home: string): {
  readonly byShard: ReadonlyMap<number, ShardServer>;
  readonly servers: readonly ShardServer[];
  readonly exporters: readonly ShardExporter[];
} {
  const shards = knownShards(home) ?? { count: 1, own: [] };
  const byShard = new Map(shards.own.map((shard) => [shard, shardServerOf(shards, shard)]));
  return {
    byShard,
    servers: [...byShard.values()],
    exporters: SHARD_EXPORTERS.filter((_, index) => byShard.has(index + 1)),
  };
}

/** The database of a shard from the second on. */
export function databaseOfShard(shard: number): string {
  return `florin_transactions_${shard}`;
}

/** Faults with `stack-shard` while a shard is neither here nor there. */
export function refuseUnfinishedMove(home: string): void {
  const moving = knownShards(home)?.moving;
  if (moving === undefined) return;
  throw new Fault('stack-shard', `a move was interrupted; finish it: npm run stack -- move-shard ${moving}`);
}

/** Faults with `stack-shard` when there is more than one server to take back to a moment. */
export function refuseOwnServers(home: string): void {
  const [shard] = ownServersOf(home).byShard.keys();
  if (shard === undefined) return;
  throw new Fault('stack-shard', `shard ${shard} has a server of its own, and backups hold the first server alone`);
}

function knownShards(home: string): Shards | undefined {
  if (existsSync(fileOf(home))) return JSON.parse(readFileSync(fileOf(home), 'utf8'));
  // Made before there was a choice.
  return existsSync(join(home, 'postgres', 'pair.json')) ? { count: 1, own: [] } : undefined;
}

function fileOf(home: string): string {
  return join(home, 'shards.json');
}
