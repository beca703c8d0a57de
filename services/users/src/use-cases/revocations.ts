import type { Database, Tx } from '@florin/postgres';
import { REVOCATION_MEMORY_SECONDS, type Revocation } from '../domain/revocation.ts';
import { findRevocations, insertRevocations } from '../repositories/revocations.ts';

/** Some 150 KB of JSON; more takes another page, and nothing is left out. */
const PAGE_ROWS = 1_000;

/** Remembers revocations in the transaction that made them true, for doors that are not open to hear of them. */
export async function rememberRevocations(tx: Tx, revocations: readonly Revocation[]): Promise<void> {
  if (revocations.length > 0) await insertRevocations(tx, revocations);
}

/**
 * What was revoked in the last ten minutes, the oldest first, a page at a time. A row that commits behind the cursor is
 * missed here and heard as an event, so whoever reads this subscribes first.
 */
export async function listRevocations(
  deps: { readonly database: Database },
  cursor: bigint,
): Promise<{ readonly revocations: readonly Revocation[]; readonly nextCursor: bigint | undefined }> {
  const { revocations, lastId } = await findRevocations(deps.database, cursor, PAGE_ROWS, REVOCATION_MEMORY_SECONDS);
  return { revocations, nextCursor: revocations.length === PAGE_ROWS ? lastId : undefined };
}
