import { fileURLToPath } from 'node:url';
import { type Cache, KEY_SPACES } from '@florin/cache';
import { expect, expectTypeOf, it } from 'vitest';
import { importsOf, visit } from '../tidy/parse.ts';
import { isSource, isTest, readTree, type Tree } from '../tidy/tree.ts';

/** The fronts of the keys that the users of the cache port make, in templates as `limit:${kind}`, each with a file; addresses are none. */
function frontsMade(tree: Tree): Record<string, string> {
  const fronts: Record<string, string> = {};
  const users = tree.filter(
    (file) =>
      /^(gateway|services)\//.test(file.path) &&
      isSource(file.path) &&
      !isTest(file.path) &&
      importsOf(file).some(({ specifier }) => specifier === '@florin/cache'),
  );
  for (const file of users) {
    visit(file, {
      TemplateLiteral({ quasis, expressions }) {
        const front = /^([a-z-]+):(?!\/\/)/.exec(quasis[0]?.value.cooked ?? '')?.[1];
        if (front !== undefined && expressions.length > 0) fronts[front] = file.path;
      },
    });
  }
  return fronts;
}

it('every front of a key that code makes is in the table, and every one in the table is made', () => {
  const fronts = frontsMade(readTree(fileURLToPath(new URL('../..', import.meta.url))));
  expect(Object.keys(fronts).sort()).toEqual(Object.keys(KEY_SPACES).sort());
});

it('every key in the table begins with its front', () => {
  for (const [front, { key }] of Object.entries(KEY_SPACES)) expect(key).toMatch(new RegExp(`^${front}:<`));
});

it('a key that is not in the table does not compile', () => {
  expectTypeOf<Cache['get']>().parameter(0).not.toEqualTypeOf<string>();
  expectTypeOf<`lines:${string}`>().toExtend<Parameters<Cache['get']>[0]>();
  expectTypeOf<`rates:${string}`>().not.toExtend<Parameters<Cache['get']>[0]>();
});
