import { type Environment, Fault, readSettings, settingTable } from '@florin/primitives';

/** Where spans go; every process reads these. The names are those of OpenTelemetry. */
export const TRACING_SETTINGS = settingTable({
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    meaning: 'where traces go: the address of an OTLP/HTTP receiver, without `/v1/traces`',
    otherwise: 'there are no traces, and nothing of the SDK is loaded',
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    meaning: 'headers it is sent, such as a key: `name=value`, comma-separated, percent-encoded',
    otherwise: 'none',
  },
  OTEL_TRACES_SAMPLER_ARG: {
    meaning:
      'which share of the requests that begin here is recorded, from 0 to 1; what a service is asked, its caller decides',
    default: '1',
  },
});

export interface TracingSettings {
  /** The whole address, path included. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** From 0 to 1. */
  readonly ratio: number;
}

/** Reads where spans go; undefined when nowhere. Faults with `setting-invalid`, naming the variable. */
export function readTracing(environment: Environment): TracingSettings | undefined {
  const settings = readSettings(TRACING_SETTINGS, environment);
  const endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!endpoint) return undefined;
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint)) {
    throw new Fault('setting-invalid', 'the setting OTEL_EXPORTER_OTLP_ENDPOINT must be an address of http or https');
  }
  return {
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    headers: headersOf(settings.OTEL_EXPORTER_OTLP_HEADERS ?? ''),
    ratio: ratioOf(settings.OTEL_TRACES_SAMPLER_ARG),
  };
}

function headersOf(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name.trim(), decodeURIComponent(value.join('=').trim())];
    }),
  );
}

function ratioOf(text: string): number {
  const ratio = Number(text);
  if (text.trim() !== '' && ratio >= 0 && ratio <= 1) return ratio;
  throw new Fault('setting-invalid', 'the setting OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1');
}
