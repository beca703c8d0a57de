import { visit } from '../tidy/parse.ts';
import { isSource, type Tree } from '../tidy/tree.ts';
import { readCsv } from './csv.ts';

/** A row of a list of claims by the names of its columns. */
export type Claim = Readonly<Record<string, string>>;

/** What a list of claims says about itself: its columns, how a claim may stand, and which need what. */
export interface ClaimsShape {
  readonly columns: readonly string[];
  readonly statuses: readonly string[];
  /** Claims that stand so name at least one test, unless a remark says why none can. */
  readonly proven: string;
  /** Claims that do not stand so say why. */
  readonly explained: readonly string[];
}

export const ASVS: ClaimsShape = {
  columns: ['id', 'level', 'requirement', 'status', 'code', 'tests', 'remark'],
  statuses: ['met', 'part', 'not yet', 'not applicable'],
  proven: 'met',
  explained: ['part', 'not yet', 'not applicable'],
};

export const ATTACKS: ClaimsShape = {
  columns: ['case', 'attack', 'status', 'tests', 'remark'],
  statuses: ['tested', 'part', 'not yet'],
  proven: 'tested',
  explained: ['part', 'not yet'],
};

/** The rows of a list. Throws when its columns are others. */
export function readClaims(text: string, { columns }: ClaimsShape): readonly Claim[] {
  const [head = [], ...rows] = readCsv(text);
  if (head.join() !== columns.join()) throw new Error(`the columns are ${columns.join()}, not ${head.join()}`);
  return rows.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index] ?? ''])));
}

/**
 * What is wrong with a list of claims, a sentence each: a status nobody knows, a claim without proof or reason, a file that is
 * not there, a test of another name. A test is written `path > how its name begins`.
 */
export function wrongClaims(claims: readonly Claim[], shape: ClaimsShape, tree: Tree): string[] {
  const [idColumn = ''] = shape.columns;
  const titles = titlesOf(tree);
  const seen = new Set<string>();
  return claims.flatMap((claim) => {
    const { [idColumn]: id = '', status = '', code = '', tests = '', remark = '' } = claim;
    const wrong: string[] = [];
    if (seen.has(id)) wrong.push('comes twice');
    seen.add(id);
    if (!shape.statuses.includes(status)) wrong.push(`"${status}" is no status`);
    if (status === shape.proven && tests === '' && remark === '') wrong.push('names no test and says no reason');
    if (shape.explained.includes(status) && remark === '') wrong.push('says no reason');
    wrong.push(...list(code).flatMap((path) => (isThere(tree, path) ? [] : [`${path} is not there`])));
    wrong.push(...list(tests).flatMap((test) => (isTitled(titles, test) ? [] : [`there is no test ${test}`])));
    return wrong.map((what) => `${id}: ${what}`);
  });
}

function list(cell: string): string[] {
  return cell === '' ? [] : cell.split('; ');
}

function isThere(tree: Tree, path: string): boolean {
  return tree.some((file) => file.path === path || file.path.startsWith(`${path}/`));
}

function isTitled(titles: ReadonlyMap<string, readonly string[]>, test: string): boolean {
  const [path = '', start = ''] = test.split(' > ');
  return start !== '' && (titles.get(path)?.some((title) => title.startsWith(start)) ?? false);
}

/** By path, every text that could be the name of a test: also the names in tables that a loop makes tests of. */
function titlesOf(tree: Tree): ReadonlyMap<string, readonly string[]> {
  return new Map(
    tree
      .filter(({ path }) => isSource(path))
      .map((file) => {
        const titles: string[] = [];
        const note = (text: unknown) => typeof text === 'string' && titles.push(text);
        visit(file, { Literal: ({ value }) => note(value), TemplateElement: ({ value }) => note(value.cooked) });
        return [file.path, titles];
      }),
  );
}
