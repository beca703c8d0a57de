import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { openTelemetry, readTelemetry } from './telemetry.ts';
import { isTracing } from './traced.ts';

const folder = mkdtempSync(join(tmpdir(), 'florin-telemetry-'));
afterAll(() => rmSync(folder, { recursive: true }));

const logger = createLogger({ service: 'x', level: 'silent' });

describe('the settings', () => {
  test('ask for nothing when they are not there', async () => {
    const settings = readTelemetry({ OTEL_EXPORTER_OTLP_ENDPOINT: '', FLORIN_METRICS_EMF: '' });
    expect(settings).toEqual({ tracing: undefined, metricLines: undefined });
    const telemetry = await openTelemetry(settings, { service: 'x', logger });
    telemetry.measure([createMetrics({ service: 'x' }).registry]);
    expect(isTracing()).toBe(false);
    await telemetry.close();
  });

  test('say where traces go, how many, and with which headers', () => {
    const { tracing } = readTelemetry({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example/base/',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20k=,x-scope=a',
      OTEL_TRACES_SAMPLER_ARG: '0.1',
    });
    expect(tracing).toEqual({
      url: 'https://otel.example/base/v1/traces',
      headers: { authorization: 'Bearer k=', 'x-scope': 'a' },
      ratio: 0.1,
    });
  });

  test.each([
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'otel:4318' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel', OTEL_TRACES_SAMPLER_ARG: '2' },
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel', OTEL_TRACES_SAMPLER_ARG: '' },
    { FLORIN_METRICS_EMF: 'stdout', FLORIN_METRICS_EMF_SECONDS: '0' },
    { FLORIN_CLOUDWATCH_LOG_GROUP: 'florin', FLORIN_CLOUDWATCH_ENDPOINT: 'moto' },
  ])('are refused when they make no sense: %o', (environment) => {
    expect(() => readTelemetry(environment)).toThrow(/the setting (OTEL|FLORIN)_\w+ must be/);
  });
});

test('metrics are written to a file as lines, with those of the process, the last when it ends', async () => {
  const file = join(folder, 'metrics.emf');
  const settings = readTelemetry({ FLORIN_METRICS_EMF: file, FLORIN_METRICS_EMF_SECONDS: '3600' });
  const telemetry = await openTelemetry(settings, { service: 'accounts', logger, clock: () => 1_790_000_000_000 });
  const metrics = createMetrics({ service: 'accounts' });
  telemetry.measure([metrics.registry]);
  metrics.counter('florin_a_total', 'A').inc(2);
  await telemetry.close();
  const documents = () =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  await expect.poll(() => documents().some((document) => document['florin_a_total'] === 2)).toBe(true);
  expect(documents().some((document) => document['process_resident_memory_bytes'] > 0)).toBe(true);
  for (const { service, _aws } of documents())
    expect([service, _aws.Timestamp]).toEqual(['accounts', 1_790_000_000_000]);
});
