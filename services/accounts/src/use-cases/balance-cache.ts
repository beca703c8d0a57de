import type { AccountChange } from '../domain/account-change.ts';
import type { BalanceView } from '../domain/balance.ts';

/** Balances kept in this process, raised by its consumer and loaded many at a time. */
export interface BalanceCache {
  /** A balance that is still good; answers at once. */
  get(accountId: string): BalanceView | undefined;
  /** Reads a balance; undefined for an account that does not exist. Readers of one moment share one statement. */
  load(accountId: string): Promise<BalanceView | undefined>;
  /** Tells what was just committed to the read model. */
  raise(changes: readonly AccountChange[]): void;
}

export interface BalanceCacheOptions {
  find(accountIds: readonly string[]): Promise<readonly BalanceView[]>;
  /** How long an entry is good without news. Short where other processes consume too: their news do not come here. */
  readonly ttlMs: number;
}

/** About 1 KB an entry, so 20 MB at most; the oldest entry goes first. */
const ENTRIES_MAX = 20_000;
/** Accounts one statement reads. */
const LOADED_AT_ONCE_MAX = 500;

interface Entry {
  readonly view: BalanceView;
  readonly untilMs: number;
}

interface Loading {
  readonly promise: Promise<BalanceView | undefined>;
  resolve(view: BalanceView | undefined): void;
  reject(reason: unknown): void;
  /** News that came while the statement was under way, which may have read the row before. */
  newest: AccountChange | undefined;
}

export function createBalanceCache(options: BalanceCacheOptions): BalanceCache {
  const entries = new Map<string, Entry>();
  const loading = new Map<string, Loading>();
  const queue: string[] = [];

  function keep(view: BalanceView): void {
    // Set again, so that the first entry of the map is always the one that was refreshed longest ago.
    entries.delete(view.accountId);
    entries.set(view.accountId, { view, untilMs: performance.now() + options.ttlMs });
    if (entries.size > ENTRIES_MAX) for (const oldest of entries.keys()) return void entries.delete(oldest);
  }

  async function loadQueued(): Promise<void> {
    const accountIds = queue.splice(0, LOADED_AT_ONCE_MAX);
    if (queue.length > 0) setImmediate(() => void loadQueued());
    try {
      const found = new Map((await options.find(accountIds)).map((view) => [view.accountId, view]));
      for (const accountId of accountIds) settle(accountId, found.get(accountId));
    } catch (error) {
      for (const accountId of accountIds) {
        const waiting = loading.get(accountId);
        loading.delete(accountId);
        waiting?.reject(error);
      }
    }
  }

  function settle(accountId: string, found: BalanceView | undefined): void {
    const waiting = loading.get(accountId);
    loading.delete(accountId);
    const view = found && waiting?.newest !== undefined ? raised(found, waiting.newest) : found;
    if (view !== undefined) keep(view);
    waiting?.resolve(view);
  }

  return {
    get(accountId) {
      const entry = entries.get(accountId);
      return entry !== undefined && entry.untilMs > performance.now() ? entry.view : undefined;
    },
    load(accountId) {
      const known = loading.get(accountId);
      if (known !== undefined) return known.promise;
      const { promise, resolve, reject } = Promise.withResolvers<BalanceView | undefined>();
      loading.set(accountId, { promise, resolve, reject, newest: undefined });
      if (queue.push(accountId) === 1) setImmediate(() => void loadQueued());
      return promise;
    },
    raise(changes) {
      for (const change of changes) {
        const entry = entries.get(change.accountId);
        if (entry !== undefined) {
          const view = raised(entry.view, change);
          if (view !== entry.view) entries.set(change.accountId, { view, untilMs: performance.now() + options.ttlMs });
        }
        const waiting = loading.get(change.accountId);
        if (waiting !== undefined && (waiting.newest?.version ?? 0) < change.version) waiting.newest = change;
      }
    },
  };
}

function raised(view: BalanceView, change: AccountChange): BalanceView {
  if (change.version <= view.version) return view;
  return {
    ...view,
    version: change.version,
    postedMinor: BigInt(change.postedMinor),
    heldMinor: BigInt(change.heldMinor),
    overdraftMinor: BigInt(change.overdraftMinor),
  };
}
