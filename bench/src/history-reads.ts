import { type AnswerSink, runConnection } from './connection.ts';
import type { ReadKind } from './history-kinds.ts';
import { percentile } from './sample.ts';
import { requestText } from './traffic.ts';

/** How long the answers of one kind took, over all rounds. */
export interface ReadTimes {
  readonly name: string;
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** Answers that were not 200, by status; empty when all is well. */
  readonly failures: Readonly<Record<string, number>>;
}

export interface MeasuredKind {
  readonly timesMs: readonly number[];
  readonly failures: Readonly<Record<string, number>>;
}

/** Sends every request of a kind once, from so many clients at a time, each in a closed loop on its own connection. */
export async function measureReads(
  port: number,
  kind: ReadKind,
  options: { readonly clients: number; tokenOf(accountId: string): string },
): Promise<MeasuredKind> {
  const timesMs: number[] = [];
  const failures: Record<string, number> = {};
  const failed = (status: string) => {
    failures[status] = (failures[status] ?? 0) + 1;
  };
  const clients = Array.from({ length: options.clients }, (_, client) =>
    kind.requests.filter((_read, index) => index % options.clients === client),
  );
  await Promise.all(
    clients.map((waiting) => {
      const source = {
        next() {
          const read = waiting.pop();
          if (read === undefined) throw new RangeError('no request is left');
          return requestText('GET', read.path, `authorization: Bearer ${options.tokenOf(read.accountId)}\r\n`);
        },
        worth: () => 1,
      };
      const sink: AnswerSink = {
        answered(status, _worth, sentAtMs) {
          timesMs.push(performance.now() - sentAtMs);
          if (status !== 200) failed(String(status));
        },
        lost: () => failed('lost'),
        goesOn: () => waiting.length > 0,
      };
      return runConnection({ port }, source, sink);
    }),
  );
  return { timesMs, failures };
}

/** What the rounds of one kind come to. */
export function summariseReads(name: string, rounds: readonly MeasuredKind[]): ReadTimes {
  const sorted = rounds.flatMap((round) => round.timesMs).sort((a, b) => a - b);
  const failures: Record<string, number> = {};
  for (const round of rounds) {
    for (const [status, count] of Object.entries(round.failures)) failures[status] = (failures[status] ?? 0) + count;
  }
  return {
    name,
    count: sorted.length,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    maxMs: percentile(sorted, 1),
    failures,
  };
}
