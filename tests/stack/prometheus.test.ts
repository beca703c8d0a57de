import { spawnSync } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { OBJECTIVES } from '../../tools/objectives.ts';
import { EXPORTERS } from '../../tools/stack/exporters.ts';
import { PROCESSES } from '../../tools/stack/processes.ts';
import { RULES } from '../../tools/stack/prometheus.ts';
import { signInDemo } from '../bank-client.ts';
import { runningStack } from './running-stack.ts';

const stack = await runningStack();
/** Six looks at every process. */
const SEEN = { timeout: 30_000, interval: 500 };

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

const { askPrometheus } = stack;

it('sees every process of the bank, each by the name in its certificate, and every exporter', async () => {
  const up = async () => (await askPrometheus('up')).filter(({ value }) => value === 1).length;
  const alertmanagers = 1;
  await expect.poll(up, SEEN).toBe(PROCESSES.length + EXPORTERS.length + alertmanagers);
});

it.each(['pg_up', 'redis_up', 'nginx_up'])('sees the servers behind the exporters: %s', async (name) => {
  const down = async () => (await askPrometheus(name)).map(({ value }) => value);
  await expect.poll(down, SEEN).toEqual(name === 'pg_up' ? [1, 1] : [1]);
});

it('can evaluate every rule, and finds nothing wrong with a bank that is well', async () => {
  interface Group {
    readonly rules: readonly { readonly name: string; readonly health: string; readonly state: string }[];
  }
  const rules = async () => {
    const answer = await fetch(`http://127.0.0.1:${stack.ports.prometheus}/api/v1/rules`);
    const { data } = (await answer.json()) as { data: { groups: Group[] } };
    return data.groups.flatMap((group) => group.rules);
  };
  await expect.poll(async () => (await rules()).map(({ health }) => health), SEEN).not.toContain('unknown');
  const found = await rules();
  expect(found.length).toBeGreaterThan(5);
  expect(found.filter(({ health }) => health !== 'ok')).toEqual([]);
  // What other files did to the bank in the last hours is in its budgets.
  const budgets = new Set(OBJECTIVES.map(({ alert }) => alert));
  const firing = async () => (await rules()).filter(({ name, state }) => state === 'firing' && !budgets.has(name));
  await expect.poll(firing, SEEN).toEqual([]);
});

it.each([
  'florin_http_request_duration_seconds_count{job="gateway"}',
  'florin_outbox_age_seconds',
  'florin_relay_leader == 1',
  'florin_event_lag_seconds_count',
])('has what the rules look at: %s', async (expression) => {
  const count = async () => (await askPrometheus(expression)).length;
  await expect.poll(count, SEEN).toBeGreaterThan(0);
});

it.each(RULES)('has rules that fire when they should, and not before: %s', (file) => {
  const tests = basename(file).replace('.yml', '.test.yml');
  const { status, stdout, stderr } = spawnSync('/usr/bin/promtool', ['test', 'rules', tests], {
    cwd: dirname(file),
    encoding: 'utf8',
  });
  expect([status, stdout + stderr]).toEqual([0, expect.stringContaining('SUCCESS')]);
});
