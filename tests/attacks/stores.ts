import type { ServiceName } from '@florin/contracts';
import { type Database, openDatabase, sql, withClient } from '@florin/postgres';

/** What was written to an outbox, as it was committed. */
export interface CommittedEvent {
  readonly type: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A digest of every table, by `service.table`: two that are equal mean that nothing was changed between them. */
export type Fingerprint = Readonly<Record<string, string>>;

/** The databases of a bank under attack, seen from outside of its services. */
export interface Stores {
  fingerprint(): Promise<Fingerprint>;
  /** How many outbox rows are not published yet, and how many mails not sent. */
  waiting(): Promise<number>;
  /** From here on `eventsSinceMark` counts. */
  mark(): Promise<void>;
  eventsSinceMark(): Promise<readonly CommittedEvent[]>;
  /** Does to a database what no service would. */
  harm(service: StoredService, statement: string, values?: readonly unknown[]): Promise<readonly object[]>;
  close(): Promise<void>;
}

type StoredService = ServiceName;
const SERVICES: readonly StoredService[] = ['users', 'accounts', 'transactions', 'notifications'];

/**
 * What may change while nothing of anybody's does: how events travel, what a sign-in under way remembers, what was
 * answered to a key, what a payer was asked, how often keys were used, and what the bank proves to itself in the background. When a payee was paid last is noted later too.
 */
const PASSING = [
  'outbox',
  'relay_lease',
  'inbox',
  'oidc_record',
  'sign_in_failure',
  'command',
  'confirmation',
  'data_key',
  'reconciliation_checkpoint',
  'reconciliation_result',
];

/** The relay deletes what it has published, so a trigger keeps a copy of each row in the transaction that wrote it. */
const WATCH = `
  CREATE SCHEMA attack;
  CREATE TABLE attack.seen (id bigint GENERATED ALWAYS AS IDENTITY, events text NOT NULL);
  CREATE FUNCTION attack.keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN INSERT INTO attack.seen (events) VALUES (NEW.events); RETURN NEW; END $$;
  CREATE TRIGGER attack_keep AFTER INSERT ON public.outbox FOR EACH ROW EXECUTE FUNCTION attack.keep();
  CREATE FUNCTION attack.fingerprint(passing text[]) RETURNS json LANGUAGE plpgsql AS $$
    DECLARE
      name text; digest text; digests jsonb := '{}';
    BEGIN
      FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL (passing) LOOP
        EXECUTE format('SELECT md5(coalesce(string_agg(kept, chr(10) ORDER BY kept), '''')) FROM (SELECT (to_jsonb(row) - ''last_paid_at'')::text AS kept FROM public.%I row) rows', name)
          INTO digest;
        digests := digests || jsonb_build_object(name, digest);
      END LOOP;
      RETURN digests;
    END $$;`;

const EVENTS = sql`SELECT count(*)::int AS count FROM outbox`;
const MAIL_TOO = sql`SELECT ((SELECT count(*) FROM outbox) + (SELECT count(*) FROM outgoing_mail))::int AS count`;

/** Puts a watch on the databases of a bank that has started on this server. */
export async function openStores(serverUrl: string): Promise<Stores> {
  const urlOf = (service: StoredService): string => {
    const url = new URL(serverUrl);
    url.pathname = `/florin_${service}`;
    return url.href;
  };
  await Promise.all(SERVICES.map((service) => withClient(urlOf(service), (client) => client.query(WATCH))));
  const databases = new Map<StoredService, Database>(
    SERVICES.map((service) => [
      service,
      openDatabase({ url: urlOf(service), applicationName: 'attacks', poolSize: 1 }),
    ]),
  );
  const all = [...databases];

  return {
    async fingerprint() {
      const digests = await Promise.all(
        all.map(async ([service, database]) => {
          const [row] = await database.query<{ digests: Record<string, string> }>(
            sql`SELECT attack.fingerprint(${PASSING}) AS digests`,
          );
          return Object.entries(row?.digests ?? {}).map(([table, digest]) => [`${service}.${table}`, digest] as const);
        }),
      );
      return Object.fromEntries(digests.flat());
    },
    async waiting() {
      const rows = await Promise.all(
        all.map(([service, database]) => database.query<{ count: number }>(service === 'users' ? MAIL_TOO : EVENTS)),
      );
      return rows.flat().reduce((sum, { count }) => sum + count, 0);
    },
    async mark() {
      await Promise.all(all.map(([, database]) => database.query(sql`DELETE FROM attack.seen`)));
    },
    async eventsSinceMark() {
      const rows = await Promise.all(
        all.map(([, database]) => database.query<{ events: string }>(sql`SELECT events FROM attack.seen ORDER BY id`)),
      );
      return rows.flat().flatMap(({ events }) => JSON.parse(events) as CommittedEvent[]);
    },
    harm: (service, statement, values = []) =>
      withClient(urlOf(service), async (client) => (await client.query(statement, [...values])).rows as object[]),
    async close() {
      await Promise.all(all.map(([, database]) => database.close()));
    },
  };
}
