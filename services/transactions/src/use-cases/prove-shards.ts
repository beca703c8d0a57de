import { type Clock, invariant } from '@florin/primitives';
import { type Reconciliation, reconcile } from './reconcile.ts';
import type { Shards, Stored } from './shards.ts';

/** Proves the books of every shard; see `reconcile`. What is found says in which. */
export async function proveShards(
  deps: { readonly shards: Pick<Shards<Stored>, 'all'>; readonly clock: Clock },
  mode: 'incremental' | 'full',
): Promise<Reconciliation> {
  const proof = mergeProofs(
    await Promise.all(deps.shards.all.map(({ db }) => reconcile({ db, clock: deps.clock }, mode))),
  );
  invariant(proof !== undefined, 'a ledger has at least one shard');
  return proof;
}

/** The proofs of all shards as one; undefined while one of them was never proven. */
export function mergeProofs(proofs: readonly (Reconciliation | undefined)[]): Reconciliation | undefined {
  const all = proofs.filter((proof) => proof !== undefined);
  const [first] = all;
  if (first === undefined || all.length < proofs.length) return undefined;
  if (all.length === 1) return first;
  const startedAtMs = Math.min(...all.map((proof) => proof.startedAtMs));
  return {
    mode: all.some(({ mode }) => mode === 'incremental') ? 'incremental' : 'full',
    balanced: all.every(({ balanced }) => balanced),
    checkedAccounts: all.reduce((sum, proof) => sum + proof.checkedAccounts, 0),
    checkedPostings: all.reduce((sum, proof) => sum + proof.checkedPostings, 0),
    findings: all.flatMap(({ findings }, shard) =>
      findings.map((finding) => ({ ...finding, detail: `shard ${shard}: ${finding.detail}` })),
    ),
    startedAtMs,
    durationMs: Math.max(...all.map((proof) => proof.startedAtMs + proof.durationMs)) - startedAtMs,
  };
}
