import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '@florin/postgres';
import { DATABASES, type DatabaseName, type OpenBooks, openBooks, SHARD_DATABASES } from './books.ts';
import type { Finding } from './checker.ts';
import type { Stage } from './stage.ts';

/** From the last fault to quiet: leases of some seconds, pauses of up to 30 s, a reader that reads everything again. */
const QUIET_MS_MAX = 150_000;
const LOOK_EVERY_MS = 500;

/** Waits until all work has come to its end. Answers what has not, as findings; nothing when all is well. */
export async function waitForQuiet(stage: Stage): Promise<readonly Finding[]> {
  const books = openBooks(stage);
  try {
    const deadline = performance.now() + QUIET_MS_MAX;
    for (;;) {
      const unquiet = await whatMoves(books);
      if (unquiet.length === 0 || performance.now() >= deadline) return unquiet;
      await sleep(LOOK_EVERY_MS);
    }
  } finally {
    await books.close();
  }
}

async function whatMoves(books: OpenBooks): Promise<readonly Finding[]> {
  const counts = await Promise.all([
    ...DATABASES.map((name) => countsOf(books, name, EVERYWHERE)),
    ...SHARD_DATABASES.map((name) => countsOf(books, name, OF_THE_LEDGER)),
    countsOf(books, 'accounts', OF_ACCOUNTS),
    preparedIn(books),
  ]);
  const found = counts.flat();
  // What is on its way makes the copies differ: no need to look.
  return found.length > 0 ? found : differencesOfTheCopies(books);
}

type Count = readonly [what: string, statement: { readonly text: string; readonly values: [] }];

const count = (what: string, from: string): Count => [
  what,
  { text: `SELECT count(*)::int AS n FROM ${from}`, values: [] },
];

const EVERYWHERE: readonly Count[] = [count('events in the outbox', 'outbox'), count('dead letters', 'dead_letter')];
const OF_THE_LEDGER: readonly Count[] = [
  count('sagas without an end', `saga WHERE status NOT IN ('completed', 'compensated')`),
  count(
    'decisions that not everybody has heard of',
    'two_phase_decision WHERE ended_at IS NULL OR attention IS NOT NULL',
  ),
  count('open holds of sagas', `hold WHERE status = 'open' AND saga_id IS NOT NULL`),
  count(
    'money between shards or in suspense',
    `(SELECT s.code FROM system_account s JOIN posting p ON p.account_id = s.id
      WHERE s.code = 'suspense' GROUP BY s.code, p.currency HAVING sum(p.amount) <> 0) AS stuck`,
  ),
];
const OF_ACCOUNTS: readonly Count[] = [
  count('open instructions to the ledger', 'control_intent WHERE done_at IS NULL'),
];

async function countsOf(books: OpenBooks, name: DatabaseName, counts: readonly Count[]): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const [what, statement] of counts) {
    const [row] = await books.of(name).query<{ n: number }>(statement);
    if (row !== undefined && row.n > 0) found.push(unquiet(name, `${row.n} ${what}`));
  }
  return found;
}

/** In doubt on the whole server. */
async function preparedIn(books: OpenBooks): Promise<Finding[]> {
  const rows = await books.of('transactions').query<{ gid: string; database: string }>(sql`
    SELECT gid, database FROM pg_prepared_xacts`);
  return rows.map(({ gid, database }) => unquiet(database, `the transaction ${gid} is prepared and in doubt`));
}

interface Copied {
  readonly id: string;
  readonly state: string;
}

/** The balances and histories in the accounts service say what the ledger says, account by account. */
async function differencesOfTheCopies(books: OpenBooks): Promise<Finding[]> {
  const ledger = await Promise.all(
    SHARD_DATABASES.map((name) =>
      books.of(name).query<Copied>(sql`
        SELECT a.id, concat_ws(' ', a.posted, a.held, a.status, a.version, count(p.id), coalesce(sum(p.amount), 0)) AS state
        FROM account a LEFT JOIN posting p ON p.account_id = a.id GROUP BY a.id`),
    ),
  );
  const copies = await books.of('accounts').query<Copied>(sql`
    SELECT b.account_id AS id,
      concat_ws(' ', b.posted_minor, b.held_minor, b.status, b.version, count(h.line), coalesce(sum(h.amount_minor), 0)) AS state
    FROM balance b LEFT JOIN history h ON h.account_id = b.account_id GROUP BY b.account_id`);
  const copied = new Map(copies.map(({ id, state }) => [id, state]));
  return ledger
    .flat()
    .filter(({ id, state }) => copied.get(id) !== state)
    .map(({ id, state }) => unquiet('accounts', `account ${id}: ledger ${state}, copy ${copied.get(id)}`));
}

function unquiet(subject: string, detail: string): Finding {
  return { invariant: 'not quiet', subject, detail };
}
