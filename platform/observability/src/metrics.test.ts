import { expect, test } from 'vitest';
import { createMetrics, processMetrics, renderMetrics } from './metrics.ts';

test('every sample carries the service, and services of one process share a page without repeating a header', async () => {
  const services = ['accounts', 'users'].map((service) => createMetrics({ service }));
  for (const metrics of services) {
    metrics.counter('florin_a_total', 'A', ['kind']).inc({ kind: 'x' }, 3);
    metrics.histogram('florin_b_seconds', 'B', [], [1, 2]).observe(1.5);
    metrics.gauge('florin_c', 'C').set(7);
  }
  const page = await renderMetrics(services.map((metrics) => metrics.registry));
  expect(page).toContain('florin_a_total{kind="x",service="accounts"} 3\nflorin_a_total{kind="x",service="users"} 3\n');
  expect(page).toContain('florin_b_seconds_bucket{le="2",service="users"} 1');
  expect(page).toContain('florin_c{service="accounts"} 7');
  for (const name of ['florin_a_total', 'florin_b_seconds', 'florin_c']) {
    expect(page.match(new RegExp(`^# TYPE ${name} `, 'gm'))).toHaveLength(1);
  }
});

test('the same name is the same metric', async () => {
  const metrics = createMetrics({ service: 'accounts' });
  metrics.counter('florin_a_total', 'A').inc();
  metrics.counter('florin_a_total', 'A').inc();
  expect(await metrics.registry.metrics()).toContain('florin_a_total{service="accounts"} 2');
  expect(metrics.histogram('florin_b', 'B')).toBe(metrics.histogram('florin_b', 'B'));
  expect(metrics.gauge('florin_c', 'C')).toBe(metrics.gauge('florin_c', 'C'));
});

test('what belongs to the process is collected once', async () => {
  expect(processMetrics()).toBe(processMetrics());
  expect(await renderMetrics([processMetrics()])).toMatch(/^nodejs_eventloop_lag_seconds /m);
});

test('no registry is an empty page', async () => {
  expect((await renderMetrics([])).trim()).toBe('');
});
