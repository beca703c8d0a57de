import { type Executor, sql } from '@florin/postgres';
import { type Branch, branchOfName, PREFIX } from './branch-name.ts';

/** A transaction of ours that a database has prepared and nobody has finished. */
export interface PreparedBranch {
  readonly name: string;
  /** Undefined when the name is none that we give. */
  readonly branch: Branch | undefined;
  readonly database: string;
  /** Only this role, or a superuser, can finish it. */
  readonly owner: string;
  readonly preparedAt: Date;
  /** By the clock of the database. */
  readonly ageMs: number;
}

/** More than any server of ours has slots for. */
const LISTED_MAX = 1_000;

/** What is prepared under our prefix in this database, the oldest first. */
export async function listPrepared(db: Executor): Promise<PreparedBranch[]> {
  const rows = await db.query<Omit<PreparedBranch, 'branch'>>(sql`
    select gid as name, database, owner, prepared as "preparedAt",
      (extract(epoch from clock_timestamp() - prepared) * 1000)::float8 as "ageMs"
    from pg_prepared_xacts
    where database = current_database() and starts_with(gid, ${PREFIX})
    order by prepared, gid limit ${LISTED_MAX}`);
  return rows.map((row) => ({ ...row, branch: branchOfName(row.name) }));
}
