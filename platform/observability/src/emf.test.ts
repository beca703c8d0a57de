import { describe, expect, test } from 'vitest';
import { createEmfComposer, type Snapshot } from './emf.ts';
import { createMetrics } from './metrics.ts';

const PLACE = { service: 'florin', instance: 'one', nowMs: 1_790_000_000_000 };

function composing() {
  const metrics = createMetrics({ service: 'accounts' });
  const composer = createEmfComposer();
  const compose = async () => {
    const snapshots = (await metrics.registry.getMetricsAsJSON()) as Snapshot[];
    const { lines, leftOut } = composer.compose(snapshots, PLACE);
    return { lines, leftOut, documents: lines.map((line) => JSON.parse(line)) };
  };
  return { metrics, compose };
}

describe('the embedded metric format', () => {
  test('says what is a metric, which labels tell it apart, and when it was', async () => {
    const { metrics, compose } = composing();
    metrics.counter('florin_reads_total', 'Reads', ['place']).inc({ place: 'standby' }, 3);
    const { documents } = await compose();
    expect(documents).toEqual([
      {
        _aws: {
          Timestamp: PLACE.nowMs,
          CloudWatchMetrics: [
            {
              Namespace: 'Florin',
              Dimensions: [['service', 'instance', 'place']],
              Metrics: [{ Name: 'florin_reads_total', Unit: 'Count' }],
            },
          ],
        },
        service: 'accounts',
        instance: 'one',
        place: 'standby',
        florin_reads_total: 3,
      },
    ]);
  });

  test('tells of a counter what came since the last time, and nothing when nothing came', async () => {
    const { metrics, compose } = composing();
    const counter = metrics.counter('florin_a_total', 'A');
    counter.inc(5);
    expect((await compose()).documents).toMatchObject([{ florin_a_total: 5 }]);
    counter.inc(2);
    expect((await compose()).documents).toMatchObject([{ florin_a_total: 2 }]);
    expect((await compose()).lines).toEqual([]);
    counter.reset();
    counter.inc(1);
    expect((await compose()).documents).toMatchObject([{ florin_a_total: 1 }]);
  });

  test('tells of a gauge what it stands at, each time', async () => {
    const { metrics, compose } = composing();
    metrics.gauge('florin_waiting_bytes', 'W').set(7);
    await compose();
    const { documents } = await compose();
    expect(documents).toMatchObject([{ florin_waiting_bytes: 7 }]);
    expect(documents[0]._aws.CloudWatchMetrics[0].Metrics).toEqual([{ Name: 'florin_waiting_bytes', Unit: 'Bytes' }]);
  });

  test('tells of a histogram how often which value was seen since the last time', async () => {
    const { metrics, compose } = composing();
    const histogram = metrics.histogram('florin_b_seconds', 'B', ['route'], [1, 2, 4]);
    for (const seconds of [0.5, 3, 3.5, 9]) histogram.observe({ route: '/x' }, seconds);
    expect((await compose()).documents).toMatchObject([
      {
        route: '/x',
        florin_b_seconds: { Values: [0.5, 3, 4], Counts: [1, 2, 1], Min: 0.5, Max: 4, Sum: 16, Count: 4 },
      },
    ]);
    histogram.observe({ route: '/x' }, 1.75);
    expect((await compose()).documents).toMatchObject([
      { florin_b_seconds: { Values: [1.5], Counts: [1], Sum: 1.75, Count: 1 } },
    ]);
    expect((await compose()).lines).toEqual([]);
  });

  test('puts what has the same labels on one line, at most a hundred metrics each', async () => {
    const { metrics, compose } = composing();
    for (let index = 0; index < 101; index += 1) metrics.gauge(`florin_g${index}`, 'G').set(index);
    const { documents } = await compose();
    expect(documents.map(({ _aws }) => _aws.CloudWatchMetrics[0].Metrics.length)).toEqual([100, 1]);
  });

  test('has an end: what is beyond a thousand lines is left out and counted', async () => {
    const { metrics, compose } = composing();
    const counter = metrics.counter('florin_a_total', 'A', ['kind']);
    for (let kind = 0; kind < 1_003; kind += 1) counter.inc({ kind });
    const { lines, leftOut } = await compose();
    expect([lines.length, leftOut]).toEqual([1_000, 3]);
  });
});
