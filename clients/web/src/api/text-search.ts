import { readSearchText, textOf } from './history-search.ts';

/** A page that is searched by words alone; also the search part of its address. */
export interface TextSearch {
  readonly q?: string;
}

/** Reads the search part of an address; what makes no sense is left out rather than asked for. */
export function readTextSearch(raw: Readonly<Record<string, unknown>>): TextSearch {
  const q = readSearchText(textOf(raw['q']));
  return q === undefined ? {} : { q };
}
