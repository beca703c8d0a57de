import { randomUUID } from 'node:crypto';
import { type Clock, type Environment, settingTable, systemClock } from '@florin/primitives';
import { Counter, type Registry } from 'prom-client';
import type { LineSink } from './cloudwatch-logs.ts';
import { openLogFile, standardOutput } from './logger.ts';
import { METRIC_LINE_SETTINGS, type MetricLineSettings, readMetricLines } from './metric-line-settings.ts';
import { type MetricLines, startMetricLines } from './metric-lines.ts';
import { processMetrics } from './metrics.ts';
import type { TracedProcess, Tracing } from './tracing.ts';
import { readTracing, TRACING_SETTINGS, type TracingSettings } from './tracing-settings.ts';

/** What a process tells the world outside about its work; every process reads these. */
export const TELEMETRY_SETTINGS = settingTable({ ...TRACING_SETTINGS, ...METRIC_LINE_SETTINGS });

export interface TelemetrySettings {
  readonly tracing: TracingSettings | undefined;
  readonly metricLines: MetricLineSettings | undefined;
}

/** What a process sends out about itself, for as long as it runs. */
export interface Telemetry {
  /** Begins to write the metrics of these as lines, where the settings ask for it; to be called once they are there. */
  measure(registries: readonly Registry[]): void;
  /** Sends what waits, within a bound, and ends. */
  close(): Promise<void>;
}

/** Reads what is to be sent where; nothing is, unless it is asked for. Faults with `setting-invalid`, naming the variable. */
export function readTelemetry(environment: Environment): TelemetrySettings {
  return { tracing: readTracing(environment), metricLines: readMetricLines(environment) };
}

/** Begins to send what the settings ask for. To be called before any service starts: each asks once whether there are spans. */
export async function openTelemetry(
  { tracing: traced, metricLines }: TelemetrySettings,
  process: TracedProcess & { readonly clock?: Clock },
): Promise<Telemetry> {
  const instance = randomUUID();
  const tracing = await startTracing(traced, process);
  const out = await openLineOutputs(metricLines, { ...process, instance });
  let lines: MetricLines | undefined;
  return {
    measure(registries) {
      if (metricLines === undefined) return;
      lines = startMetricLines(() => [processMetrics(), ...registries], {
        service: process.service,
        instance,
        everyMs: metricLines.everyMs,
        nowMs: process.clock ?? systemClock,
        ...out,
      });
    },
    async close() {
      await lines?.close();
      await Promise.all([out.close(), tracing.close()]);
    },
  };
}

async function startTracing(settings: TracingSettings | undefined, process: TracedProcess): Promise<Tracing> {
  if (settings === undefined) return { close: () => Promise.resolve() };
  // Loaded only here: a process without traces neither waits for the SDK nor keeps it in memory.
  const { registerSdk } = await import('./tracing-sdk.ts');
  return registerSdk(settings, process);
}

interface LineOutputs extends LineSink {
  dropped(lines: number): void;
}

async function openLineOutputs(
  settings: MetricLineSettings | undefined,
  process: TracedProcess & { readonly clock?: Clock; readonly instance: string },
): Promise<LineOutputs> {
  if (settings === undefined)
    return { write: () => undefined, dropped: () => undefined, close: () => Promise.resolve() };
  const { target, logGroup, endpoint } = settings;
  const dropped = countDropped();
  const stream = target === undefined ? undefined : target === 'stdout' ? standardOutput() : openLogFile(target);
  const { service, instance, logger, clock: nowMs = systemClock } = process;
  const sink =
    logGroup && (await cloudWatch({ logGroup, logStream: `${service}/${instance}`, endpoint, logger, nowMs, dropped }));
  return {
    dropped,
    write(line) {
      stream?.write(`${line}\n`);
      if (sink) sink.write(line);
    },
    async close() {
      if (sink) await sink.close();
    },
  };
}

const DROPPED = 'florin_metric_lines_dropped_total';

function countDropped(): (lines: number) => void {
  const registry = processMetrics();
  const help = 'Lines of metrics that found no place, or were refused';
  const known = registry.getSingleMetric(DROPPED);
  const counter = known instanceof Counter ? known : new Counter({ name: DROPPED, help, registers: [registry] });
  return (lines) => counter.inc(lines);
}

/** The SDK of AWS is loaded only where it is used. */
async function cloudWatch(
  options: Parameters<typeof import('./cloudwatch-logs.ts').openCloudWatchLogs>[0],
): Promise<LineSink> {
  const { openCloudWatchLogs } = await import('./cloudwatch-logs.ts');
  return openCloudWatchLogs(options);
}
