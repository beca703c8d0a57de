import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { DASHBOARDS } from '../../tools/dashboards/grafana.ts';
import { signInDemos } from '../bank-client.ts';
import { createTransferLoad, openAccounts } from '../transfer-load.ts';
import { runningStack } from './running-stack.ts';

const stack = await runningStack();
/** Recording rules are looked at each half minute, and need a rate to begin with. */
const SEEN = { timeout: 100_000, interval: 1_000 };
/** Two looks of Prometheus and more: a rate is between two of them. */
const WORK_MS = 12_000;

/** A bank at work: what nobody does has no series. */
beforeAll(async () => {
  const clientOf = await signInDemos(stack.publicUrl, stack.home, ['alice', 'bob', 'tessa']);
  const accounts = await openAccounts(clientOf, ['alice', 'bob'], 1);
  const sending = createTransferLoad(clientOf, accounts).start(1);
  await sleep(WORK_MS);
  await sending.stop();
});

describe.each(DASHBOARDS)('$title', ({ panels }) => {
  const queries = panels.flatMap(({ title, queries: all }) => all.map(({ expression }) => ({ title, expression })));
  it.each(queries)('shows something: $title, $expression', async ({ expression }) => {
    const numbers = async () => (await stack.askPrometheus(expression)).filter(({ value }) => Number.isFinite(value));
    await expect.poll(numbers, SEEN).not.toEqual([]);
  });
});
