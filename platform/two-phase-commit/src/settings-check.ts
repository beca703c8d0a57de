import { type Executor, sql } from '@florin/postgres';
import { Fault } from '@florin/primitives';

/** What a database says about itself as far as prepared transactions are concerned. */
export interface TwoPhaseSettings {
  readonly database: string;
  readonly role: string;
  /** `max_prepared_transactions`; 0 unless somebody set it, and read by the server at its start only. */
  readonly slots: number;
  /** Whether the role can read and write this package's tables here. */
  readonly hasTables: boolean;
  /** Another role that has prepared something of ours here, which this role could not finish. */
  readonly foreignOwner: string | null;
}

/**
 * Looks at a database before a service starts to prepare transactions in it. A prepared transaction can be finished by
 * the role that prepared it and in its own database only; better to know at the start than in the second phase.
 * Faults, one sentence each: `two-phase-disabled`, `two-phase-tables`, `two-phase-role`.
 */
export async function checkTwoPhaseSettings(db: Executor): Promise<void> {
  const [settings] = await db.query<TwoPhaseSettings>(sql`
    select current_database() as database, current_user as role,
      current_setting('max_prepared_transactions')::integer as slots,
      coalesce(has_table_privilege(to_regclass('two_phase_decision')::oid, 'insert'), false)
        and coalesce(has_table_privilege(to_regclass('two_phase_marker')::oid, 'insert'), false) as "hasTables",
      (select min(owner::text) from pg_prepared_xacts
        where database = current_database() and starts_with(gid, 'florin:') and owner <> current_user
          and not (select rolsuper from pg_roles where rolname = current_user)) as "foreignOwner"`);
  const fault = settings === undefined ? undefined : settingsFault(settings);
  if (fault !== undefined) throw fault;
}

/** The first thing that is wrong, if any. */
export function settingsFault({ database, role, slots, hasTables, foreignOwner }: TwoPhaseSettings): Fault | undefined {
  if (slots === 0) {
    return new Fault(
      'two-phase-disabled',
      `the server of ${database} has max_prepared_transactions = 0; set it to at least 64 and restart the server`,
    );
  }
  if (!hasTables) {
    return new Fault(
      'two-phase-tables',
      `${role} cannot use the tables of two-phase commit in ${database}: is it the right role and database, and migrated?`,
    );
  }
  if (foreignOwner === null) return undefined;
  return new Fault(
    'two-phase-role',
    `${database} holds transactions prepared by ${foreignOwner}, which ${role} cannot finish; run as ${foreignOwner}`,
  );
}
