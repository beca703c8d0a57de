import { isSource, isTest, type Rule } from './tree.ts';

/** Built from halves so that this file does not report itself. XXX is not among them: ISO 4217 has a currency of that name. */
const MARKERS: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`\\b(TO${'DO'}|FIX${'ME'}|HA${'CK'})\\b`), 'unfinished business'],
  [new RegExp(`(@ts-${'ignore'}|@ts-${'expect-error'}|@ts-${'nocheck'}|biome-${'ignore'})`), 'a check switched off'],
  [new RegExp(`\\bas ${'any'}\\b`), 'a type thrown away'],
];
const TEST_MARKERS: readonly (readonly [RegExp, string])[] = [
  [/\b(it|test|describe)\.(only|skip|todo)\(/, 'a test switched off, or the others'],
];

/** Work is finished or not there: no markers, no silenced checks, no skipped tests. */
export const leftovers: Rule = (tree) =>
  tree
    .filter((file) => isSource(file.path) || file.path.endsWith('.sql'))
    .flatMap((file) => {
      const markers = isTest(file.path) ? [...MARKERS, ...TEST_MARKERS] : MARKERS;
      return file.text.split('\n').flatMap((text, index) =>
        markers.flatMap(([marker, what]) => {
          const match = marker.exec(text);
          return match ? [{ path: file.path, line: index + 1, message: `${match[0]}: ${what}` }] : [];
        }),
      );
    });
