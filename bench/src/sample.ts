/** One measurement of one leg: a fixed time of load. */
export interface Sample {
  /** What the row counts (transfers, reads, transactions), per second. */
  readonly rate: number;
  /** Of one request, in milliseconds; absent where the peer only tells its average. */
  readonly p50Ms?: number;
  readonly p95Ms?: number;
  readonly p99Ms?: number;
  readonly averageMs?: number;
  /** The longest time without an answer that acknowledges something. */
  readonly longestPauseMs?: number;
  /** Answers by status code, `lost` for connections that broke. */
  readonly statuses?: Readonly<Record<string, number>>;
  /** Why this sample does not count; empty when it does. */
  readonly refusals: readonly string[];
}

/** The middle value; the mean of the two middle ones when their number is even. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** The value below which a share of the samples lies (nearest rank). `sorted` is in ascending order. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}
