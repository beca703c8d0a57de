import { testDatabase } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PLAN_SETTINGS } from './client-options.ts';
import { openSession, type Session } from './session.ts';
import { sql } from './sql.ts';

const migrations = new URL('../fixtures/migrations/', import.meta.url);
let opened: Awaited<ReturnType<typeof testDatabase>>;
let session: Session;
beforeAll(async () => {
  opened = await testDatabase(migrations);
  session = openSession({ url: opened.url, applicationName: 'writer', settings: PLAN_SETTINGS });
});
afterAll(async () => {
  await session.close();
  await opened.close();
});

/** Ends the server process of the session, as a crash would. */
async function cutOff(): Promise<void> {
  await opened.database.query(
    sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'writer'`,
  );
}

async function stored(): Promise<bigint[]> {
  const rows = await opened.database.query<{ id: bigint }>(sql`select id from item order by id`);
  return rows.map((row) => row.id);
}

const insert = (id: number) => sql`insert into item (id, amount) values (${id}, 0)`;

describe('a session', () => {
  test('sends statements without waiting and answers each with its own rows', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => session.query(sql`select ${n}::int as n`)));
    expect(answers.flat()).toEqual(Array.from({ length: 50 }, (_, n) => ({ n })));
  });

  test('has its settings', async () => {
    expect(await session.query(sql`select current_setting('plan_cache_mode') as mode`)).toEqual([
      { mode: 'force_generic_plan' },
    ]);
  });

  test('commits a transaction sent in one go', async () => {
    void session.begin();
    void session.execute(insert(1));
    void session.execute(insert(2));
    await session.commit();
    expect(await stored()).toEqual([1n, 2n]);
  });

  test('refuses a commit the server turned into a rollback, with the first error as its cause', async () => {
    void session.execute(sql`begin`);
    void session.execute(insert(3));
    void session.execute(insert(1));
    const late = session.query(sql`select 'an echo'`);
    await expect(session.commit()).rejects.toMatchObject({ code: 'commit-refused', cause: { code: '23505' } });
    await expect(late).rejects.toMatchObject({ code: '23505' });
    expect(await stored()).toEqual([1n, 2n]);
  });

  test('sees through a commit sent as a plain statement', async () => {
    void session.execute(sql`begin`);
    void session.execute(sql`select 1 / 0`);
    await expect(session.execute(sql`commit`)).rejects.toMatchObject({ code: 'commit-refused' });
  });

  test('goes on after statements that failed while they were being prepared', async () => {
    const fresh = (n: number) => sql`select ${n}::int as fresh_statement`;
    void session.begin();
    void session.query(sql`select 1 / 0`);
    const echoes = [session.query(fresh(1)), session.query(fresh(2))];
    await session.rollback();
    for (const echo of echoes) await expect(echo).rejects.toMatchObject({ code: '22012' });
    expect(await session.query(fresh(3))).toEqual([{ fresh_statement: 3 }]);
  });

  test('mends itself when a statement was named on the wire and never prepared', async () => {
    const fresh = (n: number) => sql`select ${n}::int as other_statement`;
    void session.begin();
    void session.query(sql`select 1 / 0`);
    void session.query(fresh(1));
    void session.rollback();
    // Sent before the server could answer that it refused to prepare the one before.
    await expect(session.query(fresh(2))).rejects.toMatchObject({ code: 'database-unavailable', retryable: true });
    expect(await session.query(fresh(3))).toEqual([{ other_statement: 3 }]);
  });

  test('that was cut off rejects what was outstanding and connects again', async () => {
    const sleeping = session.query(sql`select pg_sleep(10)`);
    const behind = session.query(sql`select 1 as one`);
    await expect.poll(() => running('pg_sleep')).toBe(true);
    await cutOff();
    await expect(sleeping).rejects.toMatchObject({ code: 'database-unavailable', retryable: true });
    await expect(behind).rejects.toMatchObject({ code: 'database-unavailable' });
    expect(await session.query(sql`select 2 as two`)).toEqual([{ two: 2 }]);
  });

  test('never runs the second half of a lost transaction on the new connection', async () => {
    await session.begin();
    await session.execute(insert(4));
    await cutOff();
    await expect.poll(() => running('insert')).toBe(false);
    await expect(session.execute(insert(5))).rejects.toMatchObject({ code: 'database-unavailable' });
    await expect(session.commit()).rejects.toMatchObject({ code: 'database-unavailable' });
    expect(await stored()).toEqual([1n, 2n]);
    void session.begin();
    void session.execute(insert(6));
    await session.commit();
    expect(await stored()).toEqual([1n, 2n, 6n]);
  });

  test('that is closed says so', async () => {
    const other = openSession({ url: opened.url, applicationName: 'closing' });
    const last = other.query(sql`select 1 as one`);
    await other.close();
    expect(await last).toEqual([{ one: 1 }]);
    await expect(other.query(sql`select 1`)).rejects.toMatchObject({ code: 'database-unavailable' });
  });

  test('with a wrong password tells the reason in the cause', async () => {
    const url = new URL(opened.url);
    url.password = 'wrong';
    const other = openSession({ url: url.href, applicationName: 'wrong' });
    await expect(other.query(sql`select 1`)).rejects.toMatchObject({ code: 'database-unavailable' });
    await other.close();
  });
});

async function running(text: string): Promise<boolean> {
  const rows = await opened.database.query(
    sql`select 1 from pg_stat_activity where application_name = 'writer' and query like ${`%${text}%`}`,
  );
  return rows.length > 0;
}
