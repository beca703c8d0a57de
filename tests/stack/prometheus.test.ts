import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { PROCESSES } from '../../tools/stack/processes.ts';
import { RULES } from '../../tools/stack/prometheus.ts';
import { signInDemo } from '../bank-client.ts';
import { runningStack } from './running-stack.ts';

const stack = await runningStack();
/** Six looks at every process. */
const SEEN = { timeout: 30_000, interval: 500 };

async function ask(path: string): Promise<{ readonly data: unknown }> {
  return (await fetch(`http://127.0.0.1:${stack.ports.prometheus}/api/v1/${path}`)).json() as Promise<{
    data: unknown;
  }>;
}

beforeAll(async () => {
  // Something has to have happened.
  const [alice, tessa] = [
    await signInDemo(stack.publicUrl, stack.home, 'alice'),
    await signInDemo(stack.publicUrl, stack.home, 'tessa'),
  ];
  const { body } = await alice.post('/v1/accounts', { productCode: 'current-eur' });
  const deposit = { accountId: body['id'], amount: { amount: '1.00', currency: 'EUR' } };
  expect((await tessa.post('/v1/deposits', deposit)).status).toBe(201);
});

it('sees every process of the bank, each by the name in its certificate', async () => {
  const up = async () => {
    const { data } = await ask(`query?query=${encodeURIComponent('sum(up)')}`);
    return (data as { result: { value: [number, string] }[] }).result[0]?.value[1];
  };
  await expect.poll(up, SEEN).toBe(String(PROCESSES.length));
});

it('can evaluate every rule, and finds nothing wrong with a bank that is well', async () => {
  interface Group {
    readonly rules: readonly { readonly name: string; readonly health: string; readonly state: string }[];
  }
  const rules = async () => {
    const { data } = await ask('rules');
    return (data as { groups: Group[] }).groups.flatMap((group) => group.rules);
  };
  await expect.poll(async () => (await rules()).map(({ health }) => health), SEEN).not.toContain('unknown');
  const found = await rules();
  expect(found.length).toBeGreaterThan(5);
  expect(found.filter(({ health }) => health !== 'ok')).toEqual([]);
  expect(found.filter(({ state }) => state === 'firing')).toEqual([]);
});

it.each([
  'florin_http_request_duration_seconds_count{job="gateway"}',
  'florin_outbox_age_seconds',
  'florin_relay_leader == 1',
  'florin_event_lag_seconds_count',
])('has what the rules look at: %s', async (expression) => {
  const count = async () => {
    const { data } = await ask(`query?query=${encodeURIComponent(`count(${expression})`)}`);
    return Number((data as { result: { value: [number, string] }[] }).result[0]?.value[1] ?? 0);
  };
  await expect.poll(count, SEEN).toBeGreaterThan(0);
});

it('has rules that fire when they should, and not before', () => {
  const { status, stdout, stderr } = spawnSync('/usr/bin/promtool', ['test', 'rules', 'rules.test.yml'], {
    cwd: dirname(RULES),
    encoding: 'utf8',
  });
  expect([status, stdout + stderr]).toEqual([0, expect.stringContaining('SUCCESS')]);
});
