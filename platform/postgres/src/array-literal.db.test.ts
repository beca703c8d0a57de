import { testDatabase } from '@florin/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arrayLiteral } from './array-literal.ts';
import { sql } from './sql.ts';

const migrations = new URL('../fixtures/migrations/', import.meta.url);

it('says every list of texts and numbers the way PostgreSQL reads it', async () => {
  const opened = await testDatabase(migrations);
  try {
    const text = fc.oneof(
      fc.string().map((value) => value.replaceAll('\u0000', '')),
      fc.constantFrom('', 'NULL', 'null', 'Null', '{}', '"', '\\', ',', ' ', 'a b', '{"a":"\\""}', 'é', '💶', '\n'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.option(text)),
        fc.array(fc.option(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n))),
        async (texts, numbers) => {
          const [row] = await opened.database.query<{ texts: string[]; numbers: (bigint | null)[] }>(
            sql`SELECT ${texts}::text[] AS texts, ${numbers}::bigint[] AS numbers`,
          );
          expect(row).toEqual({ texts, numbers });
        },
      ),
      { numRuns: 200 },
    );
  } finally {
    await opened.close();
  }
});

it('leaves other elements to the driver', () => {
  expect(arrayLiteral([new Date(0)])).toBeUndefined();
  expect(arrayLiteral([['nested']])).toBeUndefined();
});
