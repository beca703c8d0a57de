import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, openDatabase, sql } from '@florin/postgres';
import { Fault } from '@florin/primitives';
import { writePrivately } from '../secrets.ts';
import {
  isStandby,
  type PostgresPlace,
  type PostgresServer,
  preparePostgres,
  REPLICATOR,
  STANDBY_NAME,
  superuserUrl,
} from './postgres.ts';

/** What is known of the two servers of PostgreSQL, kept beside their data. */
interface Pair {
  /** The only one that is ever started as a primary. */
  readonly leader: PostgresServer;
  /** Nothing is acknowledged before the standby has it on disk, nor while there is none. */
  readonly isSynchronous: boolean;
}

/** How the servers are started and ended. */
export interface PairPorts {
  up(server: PostgresServer): Promise<void>;
  stop(server: PostgresServer): Promise<unknown>;
}

/** How long the standby may take to replay what it has and open for writing. */
const PROMOTE_SECONDS_MAX = 60;

export function leaderOf(place: Pick<PostgresPlace, 'folder'>): PostgresServer {
  return pairOf(place).leader;
}

export function followerOf(place: Pick<PostgresPlace, 'folder'>): PostgresServer {
  return leaderOf(place) === 'postgres' ? 'postgres2' : 'postgres';
}

/** Starts the server that leads, as a primary with what a standby needs: a role and a slot. Repeats what was interrupted. */
export async function startLeader(place: PostgresPlace, { up }: PairPorts): Promise<void> {
  const leader = leaderOf(place);
  preparePostgres(place, leader, leader);
  await up(leader);
  await onLeader(place, async (database) => {
    const [state] = await database.query<{ isStandby: boolean }>(sql`SELECT pg_is_in_recovery() AS "isStandby"`);
    if (state?.isStandby === true) {
      await database.query(sql`SELECT pg_promote(true, ${PROMOTE_SECONDS_MAX})`);
      // It may have been copied from a server that waited for a standby, and there is none now.
      await waitForStandby(database, false);
    }
    await ensureReplication(database, place.password);
  });
}

/** Starts the other server, made a copy of the one that leads where it is none. `isSynchronous` is kept when not given. */
export async function startFollower(place: PostgresPlace, { up }: PairPorts, isSynchronous?: boolean): Promise<void> {
  const pair = { ...pairOf(place), ...(isSynchronous === undefined ? {} : { isSynchronous }) };
  const follower = followerOf(place);
  preparePostgres(place, follower, pair.leader);
  await up(follower);
  await onLeader(place, (database) => waitForStandby(database, pair.isSynchronous));
  writePair(place, pair);
}

/**
 * Lets the standby lead. The one that led is ended first: two that lead would part for good. It replays what it has, which
 * with a synchronous standby is all that was acknowledged; ended in order, the old one sends the rest before it goes. Faults
 * with `stack-server` and changes nothing when there is no standby, or a primary that is well has none that follows.
 */
export async function changeLeader(place: PostgresPlace, ports: PairPorts): Promise<void> {
  const pair = pairOf(place);
  if (!isStandby(place, followerOf(place))) throw new Fault('stack-server', 'there is no standby that could lead');
  if (await leadsAlone(place)) {
    throw new Fault(
      'stack-server',
      'the standby does not follow, and would lack what was written since: start it first',
    );
  }
  await ports.stop(pair.leader);
  writePair(place, { ...pair, leader: followerOf(place) });
  await startLeader(place, ports);
}

/** Whether the one that leads answers and nobody follows it. One that does not answer can not be asked. */
async function leadsAlone(place: PostgresPlace): Promise<boolean> {
  let followers = 0;
  try {
    await onLeader(place, async (database) => {
      const found = await database.query(sql`
        SELECT FROM pg_stat_replication WHERE application_name = ${STANDBY_NAME} AND state = 'streaming'`);
      followers = found.length;
    });
  } catch (error) {
    if (error instanceof Fault && error.retryable) return false;
    throw error;
  }
  return followers === 0;
}

/** Makes what a standby needs on the one that leads, when it is missing: a role to connect as, and a slot. */
export async function ensureReplication(database: Database, password: string): Promise<void> {
  const roles = await database.query(sql`SELECT FROM pg_roles WHERE rolname = ${REPLICATOR}`);
  if (roles.length === 0) {
    // A password of ours is letters, digits, - and _ only; CREATE ROLE takes no parameters.
    const text = `CREATE ROLE ${REPLICATOR} LOGIN REPLICATION PASSWORD '${password}'`;
    await database.query({ text, values: [] });
  }
  const slots = await database.query(sql`SELECT FROM pg_replication_slots WHERE slot_name = ${STANDBY_NAME}`);
  if (slots.length === 0) await database.query(sql`SELECT pg_create_physical_replication_slot(${STANDBY_NAME}, true)`);
}

/** Whether a commit waits for the standby. The statement can not be in a transaction and takes no parameters. */
async function waitForStandby(database: Database, isSynchronous: boolean): Promise<void> {
  const names = isSynchronous ? STANDBY_NAME : '';
  await database.execute({ text: `ALTER SYSTEM SET synchronous_standby_names = '${names}'`, values: [] });
  await database.query(sql`SELECT pg_reload_conf()`);
}

async function onLeader(place: PostgresPlace, work: (database: Database) => Promise<void>): Promise<void> {
  const database = openDatabase({
    url: superuserUrl(place, leaderOf(place)),
    applicationName: 'stack',
    poolSize: 1,
    statementTimeoutMs: PROMOTE_SECONDS_MAX * 1_000,
  });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

function pairOf({ folder }: Pick<PostgresPlace, 'folder'>): Pair {
  const file = pairFile(folder);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { leader: 'postgres', isSynchronous: false };
}

function writePair({ folder }: PostgresPlace, pair: Pair): void {
  writePrivately(pairFile(folder), pair);
}

function pairFile(folder: string): string {
  return join(folder, 'pair.json');
}
