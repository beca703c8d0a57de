import { lineAt, moduleOf } from './parse.ts';
import { isSource, type Rule, unitOf } from './tree.ts';

/** Exports are named and listed one by one: a reader of `index.ts` sees the whole surface, and renaming is safe. */
export const exportsByName: Rule = (tree) =>
  tree
    .filter((file) => isSource(file.path))
    .flatMap((file) =>
      moduleOf(file).staticExports.flatMap((statement) => {
        const at = { path: file.path, line: lineAt(file, statement.start) };
        return statement.entries.flatMap((entry) => {
          if (entry.importName.kind === 'AllButDefault' || entry.importName.kind === 'All') {
            return [{ ...at, message: 'export * hides what is exported' }];
          }
          const isConfig = file.path.endsWith('.config.ts');
          return entry.exportName.kind === 'Default' && !isConfig ? [{ ...at, message: 'default export' }] : [];
        });
      }),
    );

/** An `index.ts` is a package's front door; inside a package files import each other directly. */
export const indexAtRoot: Rule = (tree) =>
  tree
    .filter((file) => /(^|\/)index\.tsx?$/.test(file.path) && file.path !== `${unitOf(file.path)}/src/index.ts`)
    .map((file) => ({ path: file.path, message: 'index.ts belongs at the root of a package only' }));
