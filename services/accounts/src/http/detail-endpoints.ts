import { getAccountTransaction, lookUpAccount as lookUpAccountRoute } from '@florin/contracts';
import { type Endpoint, endpoint } from '@florin/http';
import { maskName } from '@florin/primitives';
import { lookUpAccount } from '../use-cases/look-up-account.ts';
import type { Deps } from '../use-cases/ports.ts';
import { readTransaction } from '../use-cases/read-transaction.ts';
import { actorOf } from './callers.ts';
import { minimumVersions } from './minimum-versions.ts';
import { presentAccount, presentLine } from './presenters.ts';
import { refusal } from './problems.ts';

/** One thing looked up by what people have in hand: a line by its id, an account by its IBAN. */
export function detailEndpoints(deps: Pick<Deps, 'db' | 'ledger' | 'metrics'>): Endpoint[] {
  return [
    endpoint(getAccountTransaction, async (call) => {
      const found = await readTransaction(deps, actorOf(call), {
        accountId: call.params.id,
        lineName: call.params.transactionId,
        minimum: minimumVersions(call.headers),
      });
      if (!found.ok) return refusal(found.failure, call.traceId);
      return { status: 200, body: presentLine(found.value.line, found.value.currency) };
    }),
    endpoint(lookUpAccountRoute, async (call) => {
      const found = await lookUpAccount(deps, call.query.iban, minimumVersions(call.headers));
      if (!found.ok) return refusal(found.failure, call.traceId);
      const { account, balance } = found.value;
      const isNameKnown = actorOf(call).permissions.has('customers:disclose:any');
      const holderName = isNameKnown ? account.holderName : maskName(account.holderName);
      const body = { ...presentAccount(account, balance), holderName, owners: account.owners };
      return { status: 200, body };
    }),
  ];
}
