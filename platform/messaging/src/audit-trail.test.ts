import type { AuditAction } from '@florin/contracts';
import type { Denial } from '@florin/http';
import { createLogger, createMetrics } from '@florin/observability';
import { expect, it } from 'vitest';
import { createAuditTrail } from './audit-trail.ts';
import type { OutgoingEvent } from './cloud-event.ts';

const MINUTE_MS = 60_000;

function denial(subject: string, operationId = 'getTrialBalance'): Denial {
  return {
    caller: {
      subject,
      roles: ['customer'],
      traceId: 't',
      origin: { operationId, sessionId: 's', address: '192.0.2.0/24' },
    },
    outcome: 'denied',
    resource: '/v1/ledger/trial-balance',
    reason: 'forbidden',
  };
}

function setUp(more: { readonly recordedElsewhere?: ReadonlySet<string> } = {}) {
  const time = { ms: 1_780_000_000_000 };
  const written: OutgoingEvent[] = [];
  const database = { isAway: false };
  const lines: string[] = [];
  const metrics = createMetrics({ service: 'test' });
  let made = 0;
  const trail = createAuditTrail({
    append: async (records) => {
      if (database.isAway) throw new Error('the database is away');
      written.push(...records);
    },
    clock: () => time.ms,
    newId: () => `id-${++made}`,
    logger: createLogger({ service: 'test', destination: { write: (line) => void lines.push(line) } }),
    metrics,
    ...more,
  });
  const total = async (name: string) => {
    const { values } = (await metrics.registry.getSingleMetric(name)?.get()) ?? { values: [] };
    return values.reduce((sum, { value }) => sum + value, 0);
  };
  return {
    trail,
    time,
    database,
    lines,
    total,
    records: () => written.map(({ data }) => data as AuditAction),
    written,
  };
}

it('writes the first refusal at once, whole', async () => {
  const { trail, records, written } = setUp();
  trail.denied(denial('alice'));
  await trail.flush();
  expect(records()).toEqual([
    {
      actor: 'alice',
      roles: ['customer'],
      action: 'getTrialBalance',
      resource: '/v1/ledger/trial-balance',
      outcome: 'denied',
      reason: 'forbidden',
      operationId: 'getTrialBalance',
      sessionId: 's',
      address: '192.0.2.0/24',
      traceId: 't',
      at: '2026-05-28T20:26:40.000Z',
    },
  ]);
  expect(written[0]).toMatchObject({ topic: 'audit.action.v1', key: '/v1/ledger/trial-balance' });
});

it('counts what follows within a minute, and writes it as one record that says how many', async () => {
  const { trail, time, records, total } = setUp();
  for (let round = 0; round < 1_001; round += 1) trail.denied(denial('alice'));
  trail.denied(denial('bob'));
  trail.denied(denial('alice', 'listJournals'));
  await trail.flush();
  expect(records().map(({ actor, action }) => [actor, action])).toEqual([
    ['alice', 'getTrialBalance'],
    ['bob', 'getTrialBalance'],
    ['alice', 'listJournals'],
  ]);
  time.ms += MINUTE_MS;
  await trail.flush();
  await trail.flush();
  expect(records().slice(3)).toMatchObject([{ actor: 'alice', action: 'getTrialBalance', count: 1_000 }]);
  expect(await total('florin_audit_refusals_total')).toBe(1_003);
  expect(await total('florin_audit_refusals_coalesced_total')).toBe(999);
  trail.denied(denial('alice'));
  await trail.flush();
  expect(records()).toHaveLength(5);
});

it('forgets nobody when thousands are refused in one minute', async () => {
  const { trail, records } = setUp();
  for (let request = 0; request < 6_000; request += 1) {
    trail.denied(denial(`${request % 3_000}`));
    if (request % 500 === 0) await trail.flush();
  }
  await trail.close();
  const sum = records().reduce((count, record) => count + (record.count ?? 1), 0);
  expect(sum).toBe(6_000);
});

it('keeps what the database does not take, in order, and no more than it can hold: that is logged', async () => {
  const { trail, database, records, lines, total } = setUp();
  database.isAway = true;
  for (let who = 0; who < 1_500; who += 1) trail.denied(denial(`${who}`));
  await expect(trail.flush()).rejects.toThrow('the database is away');
  database.isAway = false;
  await trail.flush();
  expect(records().map(({ actor }) => actor)).toEqual(Array.from({ length: 1_000 }, (_, who) => `${who}`));
  expect(await total('florin_audit_records_lost_total')).toBe(500);
  expect(lines.filter((line) => line.includes('"actor":"1499"'))).toHaveLength(1);
});

it('ends without the database, and says in the log what it could not write', async () => {
  const { trail, database, lines, total } = setUp();
  database.isAway = true;
  trail.denied(denial('alice'));
  await trail.close();
  expect(lines.join('')).toContain('"actor":"alice"');
  expect(await total('florin_audit_records_lost_total')).toBe(1);
});

it('leaves alone what the service records with the change', async () => {
  const { trail, records } = setUp({ recordedElsewhere: new Set(['forbidden']) });
  trail.denied(denial('alice'));
  await trail.close();
  expect(records()).toEqual([]);
});

it('says of a reading only then that it is on record', async () => {
  const { trail, database, records } = setUp();
  const { caller, resource } = denial('tess', 'getAccount');
  await trail.read({ caller, resource });
  expect(records()).toMatchObject([{ actor: 'tess', action: 'getAccount', outcome: 'done' }]);
  database.isAway = true;
  await expect(trail.read({ caller, resource })).rejects.toThrow('the database is away');
});
