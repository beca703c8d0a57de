import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { consumer, memoryBroker, messagingMigrations } from '@florin/messaging';
import { createLogger, createMetrics } from '@florin/observability';
import { openDatabase, PLAN_SETTINGS, sql } from '@florin/postgres';
import { testDatabase } from '@florin/testing';
import { it } from 'vitest';
import { createReadModel } from './events/read-model.ts';
import { accountsMigrations } from './service.ts';
import { changeEvent } from './testing.fixture.ts';
import { createBalanceCache } from './use-cases/balance-cache.ts';

async function pgCpu(db: any): Promise<number> {
  const rows = await db.query(sql`select pid from pg_stat_activity where application_name = 'x'`);
  let total = 0;
  for (const { pid } of rows) {
    const f = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
    total += (Number(f[13]) + Number(f[14])) * 10000;
  }
  return total;
}
it('speed', async () => {
  const opened = await testDatabase([messagingMigrations, accountsMigrations]);
  const db = openDatabase({ url: opened.url, applicationName: 'x', poolSize: 2, settings: PLAN_SETTINGS });
  const metrics = createMetrics({ service: 'x' });
  const balances = createBalanceCache({ find: async () => [], ttlMs: 1000 });
  const broker = memoryBroker();
  broker.subscribe(
    consumer({
      database: db,
      ...createReadModel(metrics, balances),
      logger: createLogger({ service: 'x', level: 'silent' }),
      metrics,
    }),
  );
  const ids = Array.from({ length: 10000 }, () => randomUUID());
  const versions = new Map<string, number>();
  for (let round = 0; round < 5; round++) {
    const events = Array.from({ length: 30000 }, () => {
      const accountId = ids[Math.floor(Math.random() * 10000)] ?? '';
      const version = (versions.get(accountId) ?? 0) + 1;
      versions.set(accountId, version);
      return changeEvent({
        accountId,
        version,
        currency: 'EUR',
        status: 'active',
        postedMinor: '100000',
        heldMinor: '0',
        overdraftMinor: '0',
        changedAt: new Date().toISOString(),
        lines: [
          {
            journalId: randomUUID(),
            kind: 'transfer',
            amountMinor: '-500',
            balanceAfterMinor: '99500',
            counterpartyAccountId: randomUUID(),
            counterpartyIban: 'NL91ABNA0417164300',
            counterpartyName: 'Some Body',
            reference: 'benchmark transfer',
            bookedAt: new Date().toISOString(),
            valueDate: '2026-03-01',
          },
        ],
      } as never);
    });
    const pg0 = await pgCpu(opened.database);
    const cpu = process.cpuUsage();
    const t = performance.now();
    await broker.publish(events);
    const ms = performance.now() - t;
    const c = process.cpuUsage(cpu);
    console.log(
      round,
      Math.round((30000 / ms) * 1000),
      'events/s; pg cpu us/event',
      (((await pgCpu(opened.database)) - pg0) / 30000).toFixed(1),
      'node cpu us/event',
      ((c.user + c.system) / 30000).toFixed(1),
    );
  }
  console.log(await opened.database.query(sql`select 1 as a`));
  const superuser = openDatabase({ url: opened.superuserUrl, applicationName: 's', poolSize: 1 });
  console.log(await superuser.query(sql`select pid, backend_type from pg_stat_activity where application_name='x'`));
  await superuser.close();
  console.log(
    await opened.database.query(
      sql`select relname, n_tup_hot_upd::int as hot, n_tup_upd::int as upd, pg_total_relation_size(relid)::int/1000000 as mb from pg_stat_user_tables where relname in ('balance','history')`,
    ),
  );
  await db.close();
  await opened.close();
}, 120000);
