/** What the list of payees is searched for; part of the page's address. */
export interface PayeesSearch {
  readonly q?: string;
}

const QUERY_LENGTH_MAX = 120;

/** Reads the search of the address; what is not a text of a sensible length is as if it were not there. */
export function readPayeesSearch(search: Record<string, unknown>): PayeesSearch {
  const q = typeof search['q'] === 'number' ? String(search['q']) : search['q'];
  return typeof q === 'string' && q !== '' && q.length <= QUERY_LENGTH_MAX ? { q } : {};
}
