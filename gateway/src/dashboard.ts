import type { AccountAnswer, Dashboard, PostingAnswer } from '@florin/contracts';
import { DASHBOARD_TRANSACTIONS_MAX } from '@florin/contracts';
import type { ServiceCall, ServiceResponse } from '@florin/http';
import { Fault } from '@florin/primitives';

/** A page that waits for a part that is down is worse than one that says so. */
const PART_TIMEOUT_MS = 800;
/** A customer has a handful of accounts; of those with more, the first ten show their latest movements. */
const ACCOUNTS_WITH_TRANSACTIONS_MAX = 10;
const TRANSACTIONS_PER_ACCOUNT = 5;

/** Who asks, and how new the answer must be. */
export interface DashboardRequest {
  /** For the accounts service. */
  readonly token: string;
  readonly traceparent: string;
  readonly minVersions: string | undefined;
}

/**
 * One answer from several: accounts with balances, and the latest movements over all of them. Each part has a budget
 * of 800 ms; what does not come in time, or at all, is left empty and named in `missing`.
 */
export async function readDashboard(calls: ServiceCall, request: DashboardRequest): Promise<Dashboard> {
  const accounts = await readAccounts(calls, request);
  if (accounts === undefined) {
    return { accounts: [], recentTransactions: [], missing: ['accounts', 'recentTransactions'] };
  }
  const recent = await readRecent(calls, request, accounts.slice(0, ACCOUNTS_WITH_TRANSACTIONS_MAX));
  return recent === undefined
    ? { accounts, recentTransactions: [], missing: ['recentTransactions'] }
    : { accounts, recentTransactions: recent, missing: [] };
}

type Movement = Dashboard['recentTransactions'][number];

async function readAccounts(calls: ServiceCall, request: DashboardRequest): Promise<AccountAnswer[] | undefined> {
  return readPage<AccountAnswer>(calls, request, '/v1/accounts');
}

/** Undefined when one account's movements are missing: half a list that looks whole would be wrong. */
async function readRecent(
  calls: ServiceCall,
  request: DashboardRequest,
  accounts: readonly AccountAnswer[],
): Promise<Movement[] | undefined> {
  const lists = await Promise.all(accounts.map((account) => readMovements(calls, request, account.id)));
  const movements: Movement[] = [];
  for (const list of lists) {
    if (list === undefined) return undefined;
    movements.push(...list);
  }
  // RFC 3339 in UTC sorts as text.
  const byTime = movements.sort((one, other) => (one.bookedAt < other.bookedAt ? 1 : -1));
  return byTime.slice(0, DASHBOARD_TRANSACTIONS_MAX);
}

async function readMovements(
  calls: ServiceCall,
  request: DashboardRequest,
  accountId: string,
): Promise<Movement[] | undefined> {
  const path = `/v1/accounts/${accountId}/transactions?limit=${TRANSACTIONS_PER_ACCOUNT}`;
  const postings = await readPage<PostingAnswer>(calls, request, path);
  return postings?.map((posting) => ({ accountId, ...posting }));
}

/** The data of one page; undefined when the service is away, late, or answers with a problem. */
async function readPage<Item>(
  calls: ServiceCall,
  request: DashboardRequest,
  path: string,
): Promise<Item[] | undefined> {
  let response: ServiceResponse;
  try {
    response = await calls.call({
      service: 'accounts',
      method: 'GET',
      path,
      token: request.token,
      timeoutMs: PART_TIMEOUT_MS,
      headers: {
        traceparent: request.traceparent,
        ...(request.minVersions !== undefined && { 'florin-min-version': request.minVersions }),
      },
    });
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
  const { status, body } = response;
  // The shape is the contract's, which the service's own tests hold it to.
  return status === 200 ? (body as { readonly data: Item[] }).data : undefined;
}
