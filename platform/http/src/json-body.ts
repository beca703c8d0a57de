import { isAscii, isUtf8 } from 'node:buffer';
import { fail, ok, type Result } from '@florin/primitives';
import { type FieldError, pointerStep } from './problem.ts';

export type BodyFailure =
  | { readonly code: 'malformed-json'; readonly detail?: string }
  | { readonly code: 'invalid-request'; readonly errors: readonly FieldError[] };

/** No contract nests deeper than a handful; the bound keeps the recursive walks below, and everyone's, off the stack's end. */
export const JSON_DEPTH_MAX = 32;

/**
 * Reads a JSON body as strictly as RFC 8259 and I-JSON (RFC 7493) ask: UTF-8 only, no name twice in one object (parsers
 * disagree on which one counts, which is how a check and an effect come to see different amounts), nested at most 32
 * deep, and no name that could reach an object's prototype.
 */
export function parseJsonBody(bytes: Buffer): Result<unknown, BodyFailure> {
  if (bytes.length === 0) return fail({ code: 'malformed-json', detail: 'The body is empty.' });
  // Nearly every body is plain ASCII, which is both checked and decoded fastest as Latin-1.
  const ascii = isAscii(bytes);
  if (!ascii && !isUtf8(bytes)) return fail({ code: 'malformed-json', detail: 'The body is not UTF-8.' });
  const text = bytes.toString(ascii ? 'latin1' : 'utf8');

  const memberCount = countMembers(text);
  if (memberCount === TOO_DEEP) return fail({ code: 'malformed-json', detail: 'The body is nested too deeply.' });

  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail({ code: 'malformed-json' });
  }
  const keyCount = countKeys(value);
  if (keyCount === memberCount) return ok(value);
  return fail({ code: 'invalid-request', errors: [findBadName(text)] });
}

const TOO_DEEP = -1;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/**
 * How many members the objects of a JSON text have in all: the colons outside strings. A parsed value with fewer keys
 * lost some to duplicates. Counting costs a fraction of what remembering every name would.
 */
function countMembers(text: string): number {
  let count = 0;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case QUOTE:
        index = endOfString(text, index);
        break;
      case COLON:
        count += 1;
        break;
      case OPEN_OBJECT:
      case OPEN_LIST:
        depth += 1;
        if (depth > JSON_DEPTH_MAX) return TOO_DEEP;
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        depth -= 1;
        break;
    }
  }
  return count;
}

/** The index of the quote that closes the string opened at `start`; the text's length when none does. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

/** Makes the count differ from any number of members, so a forbidden name takes the slow path like a duplicate does. */
const FORBIDDEN = Number.NaN;

/** The keys of a value at all depths; not a number when one of them is forbidden. */
function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) count += countKeys(item);
    return count;
  }
  const members = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(members)) {
    if (isForbidden(name)) return FORBIDDEN;
    const member = members[name];
    count += typeof member === 'object' ? 1 + countKeys(member) : 1;
  }
  return count;
}

function isForbidden(name: string): boolean {
  return name === '__proto__' || name === 'constructor' || name === 'prototype';
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

interface Level {
  /** Undefined in a list. */
  readonly names: Set<string> | undefined;
  name: string;
  index: number;
}

/** Walks a text known to be valid JSON to say where the first repeated or forbidden name is. Only bad requests pay for it. */
function findBadName(text: string): FieldError {
  const levels: Level[] = [];
  let lastString = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token.startsWith('"')) lastString = token;
    else if (token === '{') levels.push({ names: new Set(), name: '', index: 0 });
    else if (token === '[') levels.push({ names: undefined, name: '', index: 0 });
    else if (token === '}' || token === ']') levels.pop();
    else if (token === ',' && level !== undefined) level.index += 1;
    else if (token === ':' && level?.names !== undefined) {
      level.name = String(JSON.parse(lastString));
      if (isForbidden(level.name)) return { path: pointer(levels), message: 'is not a name a field may have' };
      if (level.names.has(level.name)) return { path: pointer(levels), message: 'is given more than once' };
      level.names.add(level.name);
    }
  }
  return { path: '', message: 'holds a field more than once' };
}

function pointer(levels: readonly Level[]): string {
  return levels.map((level) => pointerStep(level.names === undefined ? String(level.index) : level.name)).join('');
}
