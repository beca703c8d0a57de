import { type ComparedMonths, mergeSums, type SpendingSum } from '../domain/spending.ts';
import type { SummedAccount } from '../repositories/insights.ts';

/** What is summed: accounts up to a version each, over two months, without what moved between them. */
export interface WantedSums {
  readonly customerId: string;
  readonly accounts: readonly { readonly accountId: string; readonly currency: string; readonly version: number }[];
  readonly months: ComparedMonths;
  readonly ownIbans: readonly string[];
}

/** Sums kept in this process, so that who looks again pays for what is new and not for a month of lines. */
export interface SpendingSums {
  sum(wanted: WantedSums): Promise<readonly SpendingSum[]>;
}

export interface SpendingSumsOptions {
  find(
    accounts: readonly SummedAccount[],
    months: ComparedMonths,
    ownIbans: readonly string[],
  ): Promise<readonly SpendingSum[]>;
}

/** A few kilobytes each; the one that was asked for longest ago goes first. */
const ENTRIES_MAX = 2_000;
/** An event that was put aside and is handled later brings lines below a version that was summed already. */
const TTL_MS = 60_000;

interface Entry {
  /** Another set of accounts moves other money between its own. */
  readonly ownIbans: string;
  readonly versions: ReadonlyMap<string, number>;
  readonly sums: readonly SpendingSum[];
  readonly untilMs: number;
}

/** Entries are never changed, only replaced: two readers of one moment can not count a line twice. */
export function createSpendingSums(options: SpendingSumsOptions): SpendingSums {
  const entries = new Map<string, Entry>();
  const underWay = new Map<string, Promise<unknown>>();

  function known(key: string, ownIbans: string): Entry | undefined {
    const entry = entries.get(key);
    return entry !== undefined && entry.ownIbans === ownIbans && entry.untilMs > performance.now() ? entry : undefined;
  }

  async function bringUpToDate(
    key: string,
    { accounts, months, ownIbans }: WantedSums,
  ): Promise<readonly SpendingSum[]> {
    const fingerprint = ownIbans.join();
    const entry = known(key, fingerprint);
    const behind = accounts.flatMap(({ accountId, currency, version }) => {
      const afterVersion = entry?.versions.get(accountId) ?? 0;
      return version > afterVersion ? { accountId, currency, afterVersion, upToVersion: version } : [];
    });
    const more = behind.length === 0 ? [] : await options.find(behind, months, ownIbans);
    const sums = mergeSums([...(entry?.sums ?? []), ...more]);
    const versions = new Map(entry?.versions);
    for (const { accountId, upToVersion } of behind) versions.set(accountId, upToVersion);
    entries.delete(key);
    const untilMs = entry?.untilMs ?? performance.now() + TTL_MS;
    entries.set(key, { ownIbans: fingerprint, versions, sums, untilMs });
    const [oldest] = entries.size > ENTRIES_MAX ? entries.keys() : [];
    if (oldest !== undefined) entries.delete(oldest);
    return sums;
  }

  return {
    async sum(wanted) {
      const key = `${wanted.customerId} ${wanted.months.month.fromMs}`;
      const first = underWay.get(key);
      if (first !== undefined) {
        // Several windows look at the same moment: one adds a month up, the others add what is new to it.
        await first.catch(() => undefined);
        return bringUpToDate(key, wanted);
      }
      const work = bringUpToDate(key, wanted);
      underWay.set(key, work);
      try {
        return await work;
      } finally {
        underWay.delete(key);
      }
    },
  };
}
