import type { Registry } from 'prom-client';
import { createEmfComposer, type Snapshot } from './emf.ts';

/** Where a line goes. */
export type WriteLine = (line: string) => void;

export interface MetricLinesOptions {
  /** The `service` of what belongs to the process itself. */
  readonly service: string;
  readonly instance: string;
  readonly everyMs: number;
  readonly nowMs: () => number;
  readonly write: WriteLine;
  /** Called with how many lines were too many for one round. */
  readonly dropped: (lines: number) => void;
}

/** Writes what is measured as lines, again and again. */
export interface MetricLines {
  /** Writes what came since the last time, and ends. */
  close(): Promise<void>;
}

/** Begins to write the metrics of these registries in the embedded metric format of CloudWatch. */
export function startMetricLines(registries: () => readonly Registry[], options: MetricLinesOptions): MetricLines {
  const { service, instance, nowMs, write, dropped } = options;
  const composer = createEmfComposer();
  let round = Promise.resolve();

  async function writeRound(): Promise<void> {
    const read = await Promise.all(registries().map((registry) => registry.getMetricsAsJSON()));
    const snapshots = read.flat() as Snapshot[];
    const { lines, leftOut } = composer.compose(snapshots, { service, instance, nowMs: nowMs() });
    for (const line of lines) write(line);
    if (leftOut > 0) dropped(leftOut);
  }

  const timer = setInterval(() => {
    round = round.then(writeRound);
  }, options.everyMs);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await round.then(writeRound);
    },
  };
}
