import { getTrialBalance, runReconciliation } from '@florin/contracts';
import { type Endpoint, endpoint } from '@florin/http';
import { askForProof, type ProofDeps } from '../use-cases/ask-for-proof.ts';
import { readTrialBalance } from '../use-cases/read-trial-balance.ts';
import type { Shards } from '../use-cases/shards.ts';
import { presentReconciliation, presentTrialBalance } from './book-presenters.ts';

/** What auditors and supervisors ask of the books. */
export function bookEndpoints(deps: ProofDeps & { readonly shards: Shards }): Endpoint[] {
  return [
    endpoint(getTrialBalance, async () => ({
      status: 200,
      body: presentTrialBalance(await readTrialBalance(deps.shards)),
    })),
    endpoint(runReconciliation, async ({ body, caller }) => ({
      status: 200,
      body: presentReconciliation(await askForProof(deps, caller, body.mode)),
    })),
  ];
}
