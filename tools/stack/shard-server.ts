import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, openDatabase, sql } from '@florin/postgres';
import { Fault } from '@florin/primitives';
import {
  type AnyPostgres,
  copyServer,
  dataOf,
  type PostgresPlace,
  type ShardServer,
  superuserUrl,
} from './postgres.ts';
import { makePostgresFolder } from './postgres-programs.ts';
import { leaderOf } from './replication.ts';

const LOOK_EVERY_MS = 50;
/** What was written while the copy was made is replayed at some ten megabytes a second. */
const CAUGHT_UP_MS_MAX = 3_600_000;
/** As much as is replayed in a moment, once the ledgers have ended. */
const BEHIND_BYTES_MAX = 1_000_000;
const SETTLED_MS_MAX = 60_000;
const PROMOTE_SECONDS_MAX = 60;
/** Deleting the files of a large database takes its time. */
const STATEMENT_MS_MAX = 600_000;

/** A database that is to have a server of its own. */
export interface Moving {
  readonly place: PostgresPlace;
  readonly server: ShardServer;
  readonly database: string;
}

/** Makes the data of the server a copy of the one that leads, anew, with a slot there that keeps what comes after. */
export async function copyWhole({ place, server }: Moving): Promise<void> {
  const slot = slotOf(server);
  const data = dataOf(place, server);
  rmSync(data, { recursive: true, force: true });
  makePostgresFolder(data);
  await dropSlot({ place, server });
  await on(place, leaderOf(place), (leader) =>
    leader.query(sql`SELECT pg_create_physical_replication_slot(${slot}, true)`),
  );
  copyServer(place, { server: leaderOf(place), as: slot }, ['-D', data, '-R', '-S', slot]);
}

/** Waits until the copy follows the one that leads closely. */
export function catchUp({ place, server }: Moving): Promise<void> {
  return on(place, leaderOf(place), (leader) =>
    waitFor(`${server} does not catch up`, CAUGHT_UP_MS_MAX, async () => {
      const rows = await leader.query(sql`
        SELECT FROM pg_stat_replication WHERE application_name = ${slotOf(server)} AND state = 'streaming'
          AND pg_wal_lsn_diff(pg_current_wal_flush_lsn(), replay_lsn) < ${BEHIND_BYTES_MAX}`);
      return rows.length > 0;
    }),
  );
}

/** Lets nobody into a database of the server that leads; whoever is in is cut off. What has committed by then is all there will be. */
export async function fence({ place, database }: Omit<Moving, 'server'>): Promise<void> {
  await on(place, leaderOf(place), async (leader) => {
    const found = await leader.query(sql`SELECT FROM pg_database WHERE datname = ${database}`);
    if (found.length === 0) return;
    // No superuser gets in by the first, and nobody else by the second.
    await alter(leader, database, 'ALLOW_CONNECTIONS false CONNECTION LIMIT 0');
    await waitFor(`somebody stays in ${database}`, SETTLED_MS_MAX, async () => {
      const left = await leader.query(sql`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${database}`);
      return left.length === 0;
    });
  });
}

/** Takes back what `fence` did. */
export function open({ place, database }: Moving, server: AnyPostgres): Promise<void> {
  return on(place, server, (own) => alter(own, database, 'ALLOW_CONNECTIONS true CONNECTION LIMIT -1'));
}

/** Waits until the copy has everything that the server that leads has now. */
export async function replayAll({ place, server }: Moving): Promise<void> {
  const [position] = await on(place, leaderOf(place), (leader) =>
    leader.query<{ lsn: string }>(sql`SELECT pg_current_wal_flush_lsn()::text AS lsn`),
  );
  await on(place, server, (copy) =>
    waitFor(`${server} does not replay all`, SETTLED_MS_MAX, async () => {
      const [row] = await copy.query<{ isThere: boolean }>(sql`
        SELECT pg_last_wal_replay_lsn() >= ${position?.lsn ?? ''}::pg_lsn AS "isThere"`);
      return row?.isThere === true;
    }),
  );
}

/** Lets the copy write, and people into its database. Can be repeated. */
export async function promote(moving: Moving): Promise<void> {
  const { place, server } = moving;
  await on(place, server, async (own) => {
    const [state] = await own.query<{ isStandby: boolean }>(sql`SELECT pg_is_in_recovery() AS "isStandby"`);
    if (state?.isStandby !== true) return;
    const [answer] = await own.query<{ leads: boolean }>(sql`SELECT pg_promote(true, ${PROMOTE_SECONDS_MAX}) AS leads`);
    if (answer?.leads !== true) throw new Fault('stack-server', `${server} does not begin to write`);
  });
  await open(moving, server);
}

/** Leaves nothing on the server but its database: the copies of the others are old already. Can be repeated. */
export function dropOthers({ place, server, database }: Moving): Promise<void> {
  return on(place, server, async (own) => {
    const others = await own.query<{ name: string }>(sql`
      SELECT datname AS name FROM pg_database
      WHERE NOT datistemplate AND datname NOT IN ('postgres', ${database})`);
    for (const { name } of others) {
      await rollBackPrepared(place, server, name);
      await own.execute({ text: `DROP DATABASE ${name} WITH (FORCE)`, values: [] });
    }
  });
}

/** What the server that leads keeps for the copy and of its database goes: the slot, and locks of what is decided elsewhere now. */
export async function leaveOld({ place, server, database }: Moving): Promise<void> {
  await dropSlot({ place, server });
  const leader = leaderOf(place);
  const prepared = await on(place, leader, (old) => preparedIn(old, database));
  if (prepared.length === 0) return;
  // The limit stays at none, which holds for all but the superuser.
  await on(place, leader, (old) => alter(old, database, 'ALLOW_CONNECTIONS true'));
  await rollBackPrepared(place, leader, database);
  await fence({ place, database });
}

/** Deletes the slot of a copy that follows no longer. */
export function dropSlot({ place, server }: Pick<Moving, 'place' | 'server'>): Promise<void> {
  return on(place, leaderOf(place), (leader) =>
    waitFor(`${server} does not let go of its slot`, SETTLED_MS_MAX, async () => {
      await leader.query(sql`
        SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
        WHERE slot_name = ${slotOf(server)} AND NOT active`);
      const left = await leader.query(sql`SELECT FROM pg_replication_slots WHERE slot_name = ${slotOf(server)}`);
      return left.length === 0;
    }),
  );
}

/** Of a database that nobody reads any more: what was prepared there is held, with its locks, until somebody ends it. */
async function rollBackPrepared(place: PostgresPlace, server: AnyPostgres, database: string): Promise<void> {
  await on(
    place,
    server,
    async (old) => {
      for (const { gid } of await preparedIn(old, database)) {
        const [row] = await old.query<{ literal: string }>(sql`SELECT quote_literal(${gid}) AS literal`);
        await old.execute({ text: `ROLLBACK PREPARED ${row?.literal}`, values: [] });
      }
    },
    database,
  );
}

function preparedIn(server: Database, database: string): Promise<{ readonly gid: string }[]> {
  return server.query(sql`SELECT gid FROM pg_prepared_xacts WHERE database = ${database}`);
}

/** The statement takes no parameters; names of our databases are letters, digits and _ only. */
async function alter(server: Database, database: string, options: string): Promise<void> {
  await server.execute({ text: `ALTER DATABASE ${database} WITH ${options}`, values: [] });
}

/** Names of slots have no capitals. */
function slotOf(server: ShardServer): string {
  return server.toLowerCase();
}

async function waitFor(otherwise: string, withinMs: number, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() >= deadline) throw new Fault('stack-server', otherwise);
    await sleep(LOOK_EVERY_MS);
  }
}

/** As the superuser. */
async function on<Answer>(
  place: PostgresPlace,
  server: AnyPostgres,
  work: (database: Database) => Promise<Answer>,
  name = 'postgres',
): Promise<Answer> {
  const database = openDatabase({
    url: superuserUrl(place, server, name),
    applicationName: 'stack',
    poolSize: 1,
    statementTimeoutMs: STATEMENT_MS_MAX,
  });
  return work(database).finally(() => database.close());
}
