import type { Leg } from './legs.ts';
import { peerOf, type Row } from './rows.ts';
import { median, type Sample } from './sample.ts';

/** What came out for one row. */
export interface Result {
  readonly row: Row;
  readonly samples: readonly Sample[];
  /** Median of the rounds; NaN when the row could not be measured. */
  readonly rate: number;
  /** Against the peer's median of the same run; absent without a peer, or when one of the two was not measured. */
  readonly ratio?: number;
  /** Why the row was not measured, or why its rate does not count. */
  readonly remarks: readonly string[];
}

export interface RoundsOptions {
  readonly rounds: number;
  readonly durationMs: number;
  readonly before: () => Promise<void>;
  readonly measured: (row: Row, round: number, sample: Sample) => void;
}

/** Runs the legs one after another, round by round (A B A B A B), so a slow minute of the machine hits all of them. */
export async function runRounds(legs: ReadonlyMap<Row, Leg>, options: RoundsOptions): Promise<Map<Row, Sample[]>> {
  const samples = new Map<Row, Sample[]>([...legs.keys()].map((row) => [row, []]));
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const [row, leg] of legs) {
      await options.before();
      const sample = await leg(options.durationMs);
      samples.get(row)?.push(sample);
      options.measured(row, round, sample);
    }
  }
  return samples;
}

/** Medians and ratios. */
export function summarise(
  rows: readonly Row[],
  samples: ReadonlyMap<Row, readonly Sample[]>,
  missing: ReadonlyMap<Row, string>,
): Result[] {
  const rateOf = (row: Row | undefined) => median((row && samples.get(row)?.map((sample) => sample.rate)) ?? []);
  return rows.map((row) => {
    const own = samples.get(row) ?? [];
    const ratio = rateOf(row) / rateOf(peerOf(row));
    const reason = missing.get(row);
    return {
      row,
      samples: own,
      rate: rateOf(row),
      ...(Number.isFinite(ratio) ? { ratio } : {}),
      remarks: [...(reason ? [reason] : []), ...new Set(own.flatMap((sample) => sample.refusals))],
    };
  });
}
