import type { Actor } from '../domain/actor.ts';
import type { RecordNote } from './ledger.ts';
import type { Reconciliation } from './reconcile.ts';
import type { Shards } from './shards.ts';

/** What proves the books when somebody asks. */
export interface ProofDeps {
  readonly shards: Pick<Shards, 'first'>;
  readonly prove: (mode: 'incremental' | 'full') => Promise<Reconciliation>;
  readonly record: RecordNote;
}

/** Proves the books because somebody asked. That they did is on record before anything is read, whatever is found. */
export async function askForProof(
  { shards, prove, record }: ProofDeps,
  actor: Actor,
  mode: 'incremental' | 'full',
): Promise<Reconciliation> {
  const action = `books.reconciled:${mode}`;
  await record(shards.first.db, { id: `${action}:${actor.traceId}`, actor, action, resource: 'books' });
  return prove(mode);
}
