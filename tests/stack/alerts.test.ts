import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningStack, runningStack } from './running-stack.ts';

interface Alert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const heard: Alert[] = [];
/** Somebody's pager. */
const pager = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  heard.push(...(JSON.parse(Buffer.concat(chunks).toString()) as { alerts: Alert[] }).alerts);
  response.end();
});
let stack: RunningStack;

beforeAll(async () => {
  await new Promise<void>((resolve) => pager.listen(0, '127.0.0.1', resolve));
  const { port } = pager.address() as AddressInfo;
  stack = await runningStack({ alertWebhookUrl: `http://127.0.0.1:${port}/hook` });
  await stack.restart('alertmanager');
});

afterAll(async () => {
  // As it was, for the files that come after this one.
  await (await runningStack()).restart('alertmanager');
  await new Promise((resolve) => pager.close(resolve));
});

it('tells a webhook of a process that is away for a minute, and that it is back', { timeout: 400_000 }, async () => {
  const told = (status: Alert['status']) =>
    heard.filter((alert) => alert.status === status && alert.labels['alertname'] === 'ProcessDown');
  await stack.stop('notifications');
  try {
    await expect.poll(() => told('firing'), { timeout: 180_000, interval: 1_000 }).not.toEqual([]);
    expect(told('firing')[0]?.labels).toMatchObject({ job: 'notifications', severity: 'page' });
    expect(told('firing')[0]?.annotations['summary']).toMatch(/^notifications at \S+ does not answer$/);
  } finally {
    await stack.start('notifications');
  }
  await expect.poll(() => told('resolved'), { timeout: 180_000, interval: 1_000 }).not.toEqual([]);
});
