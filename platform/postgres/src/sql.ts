import { createHash } from 'node:crypto';
import { invariant } from '@florin/primitives';
import { arrayLiteral } from './array-literal.ts';

/** The literal pieces of a statement, kept so that it can be placed inside another one and be numbered again. */
const PIECES = Symbol('pieces');

/** One SQL statement with its values. Made by the `sql` tag; values never become part of the text. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** A short hash of the text: the name of the prepared statement on every connection that meets it. */
  readonly name?: string;
  readonly [PIECES]?: readonly string[];
}

interface Prepared {
  readonly text: string;
  readonly name: string;
}

/** Texts come from source code, so their number is finite; composition could still multiply them, hence a bound. */
const COMPOSED_TEXTS_MAX = 2_000;
const byTemplate = new WeakMap<readonly string[], Prepared>();
const byText = new Map<string, Prepared>();

/**
 * A statement from a template: sql`select * from account where id = ${id}`. Each value becomes a parameter. A value
 * that is itself a statement of this tag is placed into the text and its parameters are numbered after the ones
 * before it; `emptySql` is the statement of no text. The same text always has the same name. `undefined` is refused,
 * since it is nearly always a forgotten field: say `null`.
 */
export function sql(strings: TemplateStringsArray, ...values: unknown[]): Statement {
  let composed = false;
  for (const value of values) {
    invariant(value !== undefined, 'a value of an sql statement is undefined; say null');
    if (isFragment(value)) composed = true;
  }
  if (!composed) {
    const prepared = byTemplate.get(strings) ?? rememberTemplate(strings);
    return { text: prepared.text, values: values.map(parameter), name: prepared.name, [PIECES]: strings };
  }
  return compose(strings, values);
}

/** Statements placed one after the other, such as the conditions of a search. */
export function joinSql(statements: readonly Statement[], separator: string): Statement {
  invariant(statements.length > 0, 'there is nothing to join');
  const gaps = ['', ...Array.from({ length: statements.length - 1 }, () => separator), ''];
  return compose(gaps, statements);
}

/** The statement of no text, for a part that is left out. */
export const emptySql: Statement = { text: '', values: [], [PIECES]: [''] };

function isFragment(value: unknown): value is Statement & { readonly [PIECES]: readonly string[] } {
  return typeof value === 'object' && value !== null && PIECES in value;
}

function compose(strings: readonly string[], values: readonly unknown[]): Statement {
  const pieces: string[] = [strings[0] ?? ''];
  const flat: unknown[] = [];
  const append = (text: string): void => {
    pieces.push(`${pieces.pop() ?? ''}${text}`);
  };
  for (const [index, value] of values.entries()) {
    if (isFragment(value)) {
      const [first = '', ...rest] = value[PIECES];
      append(first);
      pieces.push(...rest);
      flat.push(...value.values);
    } else {
      pieces.push('');
      flat.push(parameter(value));
    }
    append(strings[index + 1] ?? '');
  }
  const text = numbered(pieces);
  return { text, values: flat, name: nameOf(text).name, [PIECES]: pieces };
}

/** Lists go down as text, so that their elements are not looked at once more by the driver. */
function parameter(value: unknown): unknown {
  return Array.isArray(value) ? (arrayLiteral(value) ?? value) : value;
}

function rememberTemplate(strings: readonly string[]): Prepared {
  const prepared = nameOf(numbered(strings));
  byTemplate.set(strings, prepared);
  return prepared;
}

function numbered(pieces: readonly string[]): string {
  return pieces.reduce((text, piece, index) => `${text}$${index}${piece}`);
}

function nameOf(text: string): Prepared {
  const known = byText.get(text);
  if (known !== undefined) return known;
  if (byText.size >= COMPOSED_TEXTS_MAX) byText.clear();
  const prepared = { text, name: `s${createHash('sha256').update(text).digest('hex').slice(0, 20)}` };
  byText.set(text, prepared);
  return prepared;
}
