import { countOpenAccounts, eraseOwner as eraseOwnerRoute } from '@florin/contracts';
import { type Endpoint, endpoint } from '@florin/http';
import { countAccountsToClose, eraseOwner } from '../use-cases/erase-owner.ts';
import type { Deps } from '../use-cases/ports.ts';
import { refusal } from './problems.ts';

/** What the users service asks for when somebody is erased. */
export function erasureEndpoints(deps: Pick<Deps, 'db'>): Endpoint[] {
  return [
    endpoint(countOpenAccounts, async ({ params }) => ({
      status: 200,
      body: { openAccounts: await countAccountsToClose(deps, params.id) },
    })),
    endpoint(eraseOwnerRoute, async ({ params, traceId }) => {
      const erased = await eraseOwner(deps, params.id);
      return erased.ok ? { status: 204 } : refusal(erased.failure, traceId);
    }),
  ];
}
