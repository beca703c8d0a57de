import { type Executor, sql } from '@florin/postgres';
import { Fault } from '@florin/primitives';
import { checkDefinition, type SagaDefinition } from './definition.ts';

/** The definitions a runner was given, by type and version. */
export class DefinitionBook {
  readonly #byName = new Map<string, SagaDefinition>();

  /** Fault `invalid-definition` when one can not be run, is there twice, or names a participant nobody can reach. */
  constructor(definitions: readonly SagaDefinition[], participants: ReadonlySet<string>) {
    for (const definition of definitions) {
      const checked = checkDefinition(definition);
      if (!checked.ok) throw new Fault('invalid-definition', checked.failure.detail);
      const name = nameOf(definition.type, definition.version);
      if (this.#byName.has(name)) throw new Fault('invalid-definition', `${name} is there twice`);
      const unreachable = definition.steps.find((step) => !participants.has(step.participant));
      if (unreachable !== undefined) {
        throw new Fault('invalid-definition', `${name}: there is no transport to ${unreachable.participant}`);
      }
      this.#byName.set(name, definition);
    }
  }

  /** Each as `type@version`. */
  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  find(type: string, version: number): SagaDefinition | undefined {
    return this.#byName.get(nameOf(type, version));
  }

  has(type: string, version: number): boolean {
    return this.#byName.has(nameOf(type, version));
  }
}

function nameOf(type: string, version: number): string {
  return `${type}@${version}`;
}

/** How many sagas that have not ended there are, and since when the oldest of them. */
export interface OpenSagas {
  readonly type: string;
  readonly version: number;
  readonly status: string;
  readonly count: number;
  readonly oldestAgeMs: number;
}

/** Counts open sagas, up to a bound in all, and tells the database's time. */
export async function countOpenSagas(db: Executor): Promise<{ open: readonly OpenSagas[]; clockMs: number }> {
  const rows = await db.query<{ [Name in keyof OpenSagas]: OpenSagas[Name] | null } & { clockMs: number }>(sql`
    select type, version, status, count, "oldestAgeMs",
      extract(epoch from clock_timestamp())::double precision * 1000 as "clockMs"
    from (select 1) as one left join (
      select type, definition_version as version, status, count(*)::integer as count,
        extract(epoch from now() - min(started_at))::double precision * 1000 as "oldestAgeMs"
      from (
        select type, definition_version, status, started_at from saga
        where status not in ('completed', 'compensated') limit ${OPEN_COUNTED_MAX}
      ) as counted
      group by type, definition_version, status
    ) as open on true`);
  const open = rows.filter((row): row is OpenSagas & { clockMs: number } => row.type !== null);
  return { open, clockMs: rows[0]?.clockMs ?? Number.NaN };
}

/** Beyond it the exact number helps nobody and costs a scan. */
const OPEN_COUNTED_MAX = 100_000;

/**
 * Fault `saga-definition-missing` when sagas are open that began with a definition which is not among these: nobody would
 * end them. A deployment keeps the old version beside the new one until they are done.
 */
export function requireDefinitions(book: DefinitionBook, open: readonly OpenSagas[]): void {
  const missing = unknownAmong(book, open);
  if (missing.length === 0) return;
  throw new Fault(
    'saga-definition-missing',
    `sagas are open whose definitions are not here: ${missing.join(', ')}; keep those versions until their sagas have ended`,
  );
}

/** The definitions of open sagas that are not in the book, each with its number of sagas, for people. */
export function unknownAmong(book: DefinitionBook, open: readonly OpenSagas[]): string[] {
  const counts = new Map<string, number>();
  for (const { type, version, count } of open) {
    if (book.has(type, version)) continue;
    const name = nameOf(type, version);
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return [...counts].map(([name, count]) => `${name} (${count})`);
}
