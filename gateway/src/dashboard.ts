import type { AccountAnswer, Dashboard, PostingAnswer } from '@florin/contracts';
import { DASHBOARD_TRANSACTIONS_MAX, listNotifications } from '@florin/contracts';
import type { ServiceCall, ServiceRequest } from '@florin/http';
import { Fault } from '@florin/primitives';

/** A page that waits for a part that is down is worse than one that says so. */
const PART_TIMEOUT_MS = 800;
/** A customer has a handful of accounts; of those with more, the first ten show their latest movements. */
const ACCOUNTS_WITH_TRANSACTIONS_MAX = 10;
const TRANSACTIONS_PER_ACCOUNT = 5;

/** Who asks, and how new the answer must be. */
export interface DashboardRequest {
  /** For the accounts service, and for notifications. */
  readonly token: string;
  readonly notificationsToken: string;
  readonly traceparent: string;
  readonly minVersions: string | undefined;
}

/**
 * One answer from several: accounts with balances, the latest movements over all of them, and how many notices are
 * unread. Each part has a budget of 800 ms; what does not come in time, or at all, is left empty and named in `missing`.
 */
export async function readDashboard(calls: ServiceCall, request: DashboardRequest): Promise<Dashboard> {
  const [money, unread] = await Promise.all([readMoney(calls, request), readUnread(calls, request)]);
  const missing = unread === undefined ? [...money.missing, 'unread' as const] : money.missing;
  return { ...money, unread: unread ?? 0, missing };
}

async function readMoney(calls: ServiceCall, request: DashboardRequest): Promise<Omit<Dashboard, 'unread'>> {
  const accounts = await readAccounts(calls, request);
  if (accounts === undefined) {
    return { accounts: [], recentTransactions: [], missing: ['accounts', 'recentTransactions'] };
  }
  const recent = await readRecent(calls, request, accounts.slice(0, ACCOUNTS_WITH_TRANSACTIONS_MAX));
  return recent === undefined
    ? { accounts, recentTransactions: [], missing: ['recentTransactions'] }
    : { accounts, recentTransactions: recent, missing: [] };
}

async function readUnread(calls: ServiceCall, request: DashboardRequest): Promise<number | undefined> {
  const { traceparent, notificationsToken: token } = request;
  const path = `${listNotifications.path}?limit=1`;
  const body = await readPart(calls, { service: 'notifications', path, token, headers: { traceparent } });
  return (body as { readonly unreadCount: number } | undefined)?.unreadCount;
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

/** The data of one page of the accounts service; undefined when it is missing. */
async function readPage<Item>(
  calls: ServiceCall,
  request: DashboardRequest,
  path: string,
): Promise<Item[] | undefined> {
  const { token, traceparent, minVersions } = request;
  const headers = { traceparent, ...(minVersions !== undefined && { 'florin-min-version': minVersions }) };
  const body = await readPart(calls, { service: 'accounts', path, token, headers });
  return (body as { readonly data: Item[] } | undefined)?.data;
}

/**
 * The body of a 200; undefined when the service is away, late, or answers with a problem. Its shape is the contract's,
 * which the service's own tests hold it to.
 */
async function readPart(
  calls: ServiceCall,
  request: Pick<ServiceRequest, 'service' | 'path' | 'token' | 'headers'>,
): Promise<unknown> {
  try {
    const { status, body } = await calls.call({ ...request, method: 'GET', timeoutMs: PART_TIMEOUT_MS });
    return status === 200 ? body : undefined;
  } catch (error) {
    if (error instanceof Fault) return undefined;
    throw error;
  }
}
