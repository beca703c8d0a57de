import { type ParseResult, parseSync, Visitor, type VisitorObject } from 'oxc-parser';
import type { TreeFile } from './tree.ts';

/** One `import ... from`, `export ... from` or `import('...')`. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

interface Parsed {
  readonly result: ParseResult;
  readonly imports: readonly Import[];
}

const parsedFiles = new WeakMap<TreeFile, Parsed>();

/** Parses a file once, however many rules ask. Text that does not parse is an error, not an empty file. */
function parsed(file: TreeFile): Parsed {
  const known = parsedFiles.get(file);
  if (known) return known;
  const result = parseSync(file.path, file.text);
  const [firstError] = result.errors;
  if (firstError) throw new Error(`${file.path} does not parse: ${firstError.message}`);
  const fresh = { result, imports: readImports(file, result) };
  parsedFiles.set(file, fresh);
  return fresh;
}

export function importsOf(file: TreeFile): readonly Import[] {
  return parsed(file).imports;
}

export function moduleOf(file: TreeFile): ParseResult['module'] {
  return parsed(file).result.module;
}

/** Walks the syntax tree of a file. */
export function visit(file: TreeFile, visitor: VisitorObject): void {
  new Visitor(visitor).visit(parsed(file).result.program);
}

/** The line, counted from 1, of an offset in the file. */
export function lineAt(file: TreeFile, offset: number): number {
  let line = 1;
  for (let at = file.text.indexOf('\n'); at !== -1 && at < offset; at = file.text.indexOf('\n', at + 1)) line += 1;
  return line;
}

function readImports(file: TreeFile, result: ParseResult): Import[] {
  const found: Import[] = [];
  const add = (specifier: string, offset: number) => found.push({ specifier, line: lineAt(file, offset) });
  for (const statement of result.module.staticImports) add(statement.moduleRequest.value, statement.start);
  for (const statement of result.module.staticExports) {
    const source = statement.entries.find((entry) => entry.moduleRequest)?.moduleRequest;
    if (source) add(source.value, statement.start);
  }
  for (const call of result.module.dynamicImports) {
    const text = file.text.slice(call.moduleRequest.start, call.moduleRequest.end);
    if (/^['"]/.test(text)) add(text.slice(1, -1), call.start);
  }
  return found;
}
