import { type Environment, settingTable } from '@florin/primitives';
import type { TracedProcess, Tracing } from './tracing.ts';
import { readTracing, TRACING_SETTINGS, type TracingSettings } from './tracing-settings.ts';

/** What a process tells the world outside about its work; every process reads these. */
export const TELEMETRY_SETTINGS = settingTable({ ...TRACING_SETTINGS });

export interface TelemetrySettings {
  readonly tracing: TracingSettings | undefined;
}

/** What a process sends out about itself, for as long as it runs. */
export interface Telemetry {
  /** Sends what waits, within a bound, and ends. */
  close(): Promise<void>;
}

/** Reads what is to be sent where; nothing is, unless it is asked for. Faults with `setting-invalid`, naming the variable. */
export function readTelemetry(environment: Environment): TelemetrySettings {
  return { tracing: readTracing(environment) };
}

/** Begins to send what the settings ask for. To be called before any service starts: each asks once whether there are spans. */
export async function openTelemetry(settings: TelemetrySettings, process: TracedProcess): Promise<Telemetry> {
  const tracing = await startTracing(settings.tracing, process);
  return { close: () => tracing.close() };
}

async function startTracing(settings: TracingSettings | undefined, process: TracedProcess): Promise<Tracing> {
  if (settings === undefined) return { close: () => Promise.resolve() };
  // Loaded only here: a process without traces neither waits for the SDK nor keeps it in memory.
  const { registerSdk } = await import('./tracing-sdk.ts');
  return registerSdk(settings, process);
}
