/** Counts of events per consumer group and upper bound of their lag in seconds, cumulative as Prometheus has them. */
export type EventLag = ReadonlyMap<string, ReadonlyMap<number, number>>;

const BUCKET = /^florin_event_lag_seconds_bucket\{([^}]*)\} (\d+)/gm;

/** Reads the lag histograms from Prometheus' text format. */
export function parseEventLag(text: string): EventLag {
  const groups = new Map<string, Map<number, number>>();
  for (const [, labels = '', count = ''] of text.matchAll(BUCKET)) {
    const bound = /\ble="([^"]+)"/.exec(labels)?.[1] ?? '';
    const series = labels
      .split(',')
      .filter((label) => !label.startsWith('le='))
      .sort()
      .join();
    const buckets = groups.get(series) ?? new Map<number, number>();
    groups.set(series, buckets.set(bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound), Number(count)));
  }
  return groups;
}

/**
 * The p99 of the slowest group between two readings, in seconds: the upper bound of the bucket it falls into, so it is
 * never told better than it was. 0 when nothing happened.
 */
export function lagP99(before: EventLag, after: EventLag): number {
  let worst = 0;
  for (const [series, buckets] of after) {
    const seen = (bound: number) => (buckets.get(bound) ?? 0) - (before.get(series)?.get(bound) ?? 0);
    const total = seen(Number.POSITIVE_INFINITY);
    if (total === 0) continue;
    const bounds = [...buckets.keys()].sort((a, b) => a - b);
    worst = Math.max(worst, bounds.find((bound) => seen(bound) >= 0.99 * total) ?? Number.POSITIVE_INFINITY);
  }
  return worst;
}
