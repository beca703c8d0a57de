import { invariant } from '@florin/primitives';
import type { JsonObject } from '@florin/saga';
import type { OtherParty } from '../domain/journal.ts';

// Reads what a saga was told at its start, as it comes back from the database. Our own text: each throws when it is another.

export function party(input: JsonObject, name: string): OtherParty {
  const found = input[name];
  invariant(typeof found === 'object' && found !== null && !Array.isArray(found), `a saga of the ledger names ${name}`);
  const fields = found as JsonObject;
  return { accountId: text(fields, 'accountId'), iban: text(fields, 'iban'), name: text(fields, 'name') };
}

export function text(input: JsonObject, name: string): string {
  const found = input[name];
  invariant(typeof found === 'string', `a saga of the ledger says its ${name}`);
  return found;
}

export function flag(input: JsonObject, name: string): boolean {
  const found = input[name];
  invariant(typeof found === 'boolean', `a saga of the ledger says its ${name}`);
  return found;
}
