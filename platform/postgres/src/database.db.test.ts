import { testDatabase } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from './database.ts';
import { isDataError, isUniqueViolation, sqlState, violatedConstraint } from './database-error.ts';
import type { Tx } from './executor.ts';
import { sql } from './sql.ts';

const migrations = new URL('../fixtures/migrations/', import.meta.url);
let opened: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  opened = await testDatabase(migrations);
});
afterAll(() => opened.close());

async function itemAmount(id: number): Promise<bigint | undefined> {
  const rows = await opened.database.query<{ amount: bigint }>(sql`select amount from item where id = ${id}`);
  return rows[0]?.amount;
}

describe('values', () => {
  test('come back as the types a bank can count with', async () => {
    const [row] = await opened.database.query(sql`select
      9007199254740993::int8 as big, array[1, null]::int8[] as bigs, 1.50::numeric as exact, array[0.10]::numeric[] as exacts,
      date '2026-02-28' as day, array[date '2026-02-28'] as days, timestamptz '2026-02-28 12:00+02' as moment,
      '{"a": [1]}'::jsonb as json, true as yes, null as nothing, 7::int4 as small`);
    expect(row).toEqual({
      big: 9007199254740993n,
      bigs: [1n, null],
      exact: '1.50',
      exacts: ['0.10'],
      day: '2026-02-28',
      days: ['2026-02-28'],
      moment: new Date('2026-02-28T10:00:00Z'),
      json: { a: [1] },
      yes: true,
      nothing: null,
      small: 7,
    });
  });

  test('go out in arrays, bigint too', async () => {
    const rows = await opened.database.query(
      sql`select * from unnest(${[1n, 2n]}::int8[], ${['a', 'b,"c"']}::text[]) as row (id, text)`,
    );
    expect(rows).toEqual([
      { id: 1n, text: 'a' },
      { id: 2n, text: 'b,"c"' },
    ]);
  });
});

describe('a statement', () => {
  test('is prepared once a connection and used again', async () => {
    const database = openDatabase({ url: opened.url, applicationName: 'names', poolSize: 1 });
    const find = (id: number) => sql`select amount from item where id = ${id}`;
    for (let id = 0; id < 5; id += 1) await database.query(find(id));
    const prepared = await database.query(sql`select (generic_plans + custom_plans)::int as runs
      from pg_prepared_statements where name = ${find(1).name}`);
    await database.close();
    expect(prepared).toEqual([{ runs: 5 }]);
  });

  test('that fails says why, without quoting data where logs would see it', async () => {
    await opened.database.execute(sql`insert into item (id, amount) values (1, 10)`);
    const error: unknown = await opened.database
      .execute(sql`insert into item (id, amount) values (1, 10)`)
      .catch((e) => e);
    expect(sqlState(error)).toBe('23505');
    expect(violatedConstraint(error)).toBe('item_pkey');
    expect(isUniqueViolation(error, 'item_pkey') && isDataError(error)).toBe(true);
    expect(JSON.stringify(error)).not.toContain('(1)');
  });

  test('that takes too long is a fault', async () => {
    const database = openDatabase({ url: opened.url, applicationName: 'slow', statementTimeoutMs: 100 });
    await expect(database.query(sql`select pg_sleep(5)`)).rejects.toMatchObject({ code: 'statement-timeout' });
    await database.close();
  });

  test('with a value that cannot be sent fails alone', async () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    await expect(opened.database.query(sql`select ${circle}::jsonb as x`)).rejects.toThrow(TypeError);
    expect(await opened.database.query(sql`select ${1}::int as x`)).toEqual([{ x: 1 }]);
  });
});

describe('a transaction', () => {
  test('commits what it returns from and rolls back what it throws from', async () => {
    await opened.database.transaction((tx) => tx.execute(sql`insert into item (id, amount) values (10, 1)`));
    const thrown = opened.database.transaction(async (tx) => {
      await tx.execute(sql`update item set amount = 2 where id = 10`);
      throw new Error('changed my mind');
    });
    await expect(thrown).rejects.toThrow('changed my mind');
    expect(await itemAmount(10)).toBe(1n);
  });

  test('reports the first error when several statements were sent at once', async () => {
    const result = opened.database.transaction(async (tx) => {
      void tx.query(sql`select 1 / 0`);
      await tx.query(sql`select 'never reached'`);
    });
    await expect(result).rejects.toMatchObject({ code: '22012' });
  });

  test('whose work swallowed an error is not taken for committed', async () => {
    const result = opened.database.transaction(async (tx) => {
      await tx.execute(sql`insert into item (id, amount) values (11, 1)`);
      await tx.query(sql`select 1 / 0`).catch(() => {});
    });
    await expect(result).rejects.toMatchObject({ code: 'commit-refused', cause: { code: '22012' } });
    expect(await itemAmount(11)).toBeUndefined();
  });

  test('that lost a statement on our side commits nothing', async () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const result = opened.database.transaction(async (tx) => {
      await tx.execute(sql`insert into item (id, amount) values (12, 1)`);
      void tx.execute(sql`insert into item (id, amount, note) values (13, 1, ${circle})`);
    });
    await expect(result).rejects.toMatchObject({ code: 'database-unavailable' });
    expect(await itemAmount(12)).toBeUndefined();
  });

  test('cannot be used after it ended', async () => {
    const leaked = await opened.database.transaction(async (tx) => ({ tx }));
    await expect(async () => leaked.tx.query(sql`select 1`)).rejects.toThrow('after it ended');
  });

  test('is run again after a deadlock', async () => {
    await opened.database.execute(sql`insert into item (id, amount) values (20, 0), (21, 0)`);
    let runs = 0;
    const gate = meetingOf(2);
    const addTo = (first: number, second: number) =>
      opened.database.transaction(async (tx) => {
        runs += 1;
        await addOne(tx, first);
        await gate();
        await addOne(tx, second);
      });
    await Promise.all([addTo(20, 21), addTo(21, 20)]);
    expect(runs).toBeGreaterThan(2);
    expect([await itemAmount(20), await itemAmount(21)]).toEqual([2n, 2n]);
  });

  test('is run again after a serialisation failure, a bounded number of times', async () => {
    await opened.database.execute(sql`insert into item (id, amount) values (30, 0)`);
    let runs = 0;
    const result = opened.database.transaction(
      async (tx) => {
        runs += 1;
        await tx.query(sql`select amount from item where id = 30`);
        await opened.database.execute(sql`update item set amount = amount + 1 where id = 30`);
        await addOne(tx, 30);
      },
      { isolation: 'serializable', retries: 2 },
    );
    await expect(result).rejects.toMatchObject({
      code: 'transaction-conflict',
      retryable: true,
      cause: { code: '40001' },
    });
    expect(runs).toBe(3);
  });
});

describe('a pool', () => {
  test('that is used up refuses within its time limit and goes on when a connection is free', async () => {
    const database = openDatabase({ url: opened.url, applicationName: 'small', poolSize: 1, acquireTimeoutMs: 1_000 });
    await database.transaction(async () => {
      await expect(database.query(sql`select 1`)).rejects.toMatchObject({
        code: 'database-unavailable',
        retryable: true,
      });
    });
    expect(await database.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
    await database.close();
  });

  test('of a server nobody runs answers with a fault', async () => {
    const database = openDatabase({ url: 'postgres://nobody:x@127.0.0.1:1/none', applicationName: 'none' });
    const query = database.query(sql`select 1`);
    await expect(query).rejects.toMatchObject({ code: 'database-unavailable', retryable: true, retryAfterSeconds: 1 });
    await database.close();
  });

  test.each([
    ['disk', '53100'],
    ['memory', '53200'],
    ['disk that works', '58030'],
  ])('of a server that has no %s left answers with a fault, and is used when it has', async (_, state) => {
    const text = `do $$ begin raise exception using errcode = '${state}'; end $$`;
    const failing = opened.database.transaction((tx) => tx.execute({ text, values: [] }));
    await expect(failing).rejects.toMatchObject({ code: 'database-unavailable', retryable: true });
    expect(await opened.database.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
  });
});

function addOne(tx: Tx, id: number): Promise<number> {
  return tx.execute(sql`update item set amount = amount + 1 where id = ${id}`);
}

/** Resolves for everyone when as many have come; later ones pass. */
function meetingOf(count: number): () => Promise<void> {
  let missing = count;
  const all = Promise.withResolvers<void>();
  return () => {
    missing -= 1;
    if (missing <= 0) all.resolve();
    return all.promise;
  };
}
