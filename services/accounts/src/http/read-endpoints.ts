import {
  getAccount,
  getBalance,
  listAccounts,
  listAccountTransactions,
  listCustomerAccounts,
  listProducts,
  PAGE_SIZE_DEFAULT,
} from '@florin/contracts';
import { type Endpoint, endpoint, type Reply } from '@florin/http';
import type { Result } from '@florin/primitives';
import type { BalanceView } from '../domain/balance.ts';
import type { AccountFailure } from '../domain/failures.ts';
import type { Place } from '../domain/history.ts';
import { listProducts as readProducts } from '../use-cases/list-products.ts';
import type { Deps } from '../use-cases/ports.ts';
import { readAccount, listAccounts as readAccounts } from '../use-cases/read-accounts.ts';
import { type ReadBalanceDeps, readBalance } from '../use-cases/read-balance.ts';
import { type ReadHistoryDeps, readHistory } from '../use-cases/read-history.ts';
import { actorOf } from './callers.ts';
import { minimumVersions } from './minimum-versions.ts';
import { presentAccount, presentBalanceText, presentLine, presentProduct } from './presenters.ts';
import { refusal } from './problems.ts';

export interface ReadEndpointDeps extends ReadBalanceDeps, Pick<ReadHistoryDeps, 'warmLines'> {
  /** Where what reads much is read, as new as `db`. */
  readonly reading: Deps['db'];
}

/** What people look at. Every read is at least as new as the caller's own last write (`florin-min-version`). */
export function readEndpoints({ reading, ...deps }: ReadEndpointDeps): Endpoint[] {
  return [
    endpoint(listProducts, async () => page((await readProducts(deps)).map(presentProduct))),
    endpoint(listAccounts, async (call) => {
      const found = await readAccounts(deps, call.principal.subject, minimumVersions(call.headers));
      return page(found.map(({ account, balance }) => presentAccount(account, balance)));
    }),
    endpoint(getAccount, async (call) => {
      const found = await readAccount(deps, actorOf(call), call.params.id, minimumVersions(call.headers));
      if (!found.ok) return refusal(found.failure, call.traceId);
      return { status: 200, body: presentAccount(found.value.account, found.value.balance) };
    }),
    endpoint(getBalance, (call) => {
      const found = readBalance(deps, actorOf(call), call.params.id, minimumVersions(call.headers));
      if (!(found instanceof Promise)) return balanceReply(found, call.traceId);
      return found.then((late) => balanceReply(late, call.traceId));
    }),
    endpoint(listAccountTransactions, async (call) => {
      const { limit = PAGE_SIZE_DEFAULT, cursor, ...search } = call.query;
      const before = cursor === undefined ? undefined : readCursor(cursor);
      if (cursor !== undefined && before === undefined) return invalidCursor(call.traceId);
      const found = await readHistory({ ...deps, db: reading }, actorOf(call), {
        accountId: call.params.id,
        limit,
        search,
        minimum: minimumVersions(call.headers),
        ...(before === undefined ? {} : { before }),
      });
      if (!found.ok) return refusal(found.failure, call.traceId);
      const { lines, next, currency } = found.value;
      return page(
        lines.map((line) => presentLine(line, currency)),
        next === null ? null : `${next.version}.${next.line}`,
      );
    }),
    endpoint(listCustomerAccounts, async (call) => {
      const found = await readAccounts(deps, call.params.id, minimumVersions(call.headers));
      return page(found.map(({ account, balance }) => presentAccount(account, balance)));
    }),
  ];
}

function balanceReply(found: Result<BalanceView, AccountFailure>, traceId: string): Reply {
  return found.ok ? { status: 200, text: presentBalanceText(found.value) } : refusal(found.failure, traceId);
}

function page(data: readonly unknown[], nextCursor: string | null = null): Reply {
  return { status: 200, body: { data, nextCursor } };
}

/** The place a page ended at: `version.line`. */
function readCursor(cursor: string): Place | undefined {
  const match = /^(\d{1,15})\.(\d{1,5})$/.exec(cursor);
  return match === null ? undefined : { version: Number(match[1]), line: Number(match[2]) };
}

export function invalidCursor(traceId: string): Reply {
  return refusal({ code: 'invalid-cursor', detail: 'The cursor is not one that this list gave.' }, traceId);
}
