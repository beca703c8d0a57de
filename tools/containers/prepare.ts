import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureTopics } from '@florin/kafka';
import { createLogger } from '@florin/observability';
import { openDatabase, verifiedAddress } from '@florin/postgres';
import { Fault } from '@florin/primitives';
import { startBank } from '../bank.ts';
import { prepareDatabases } from '../bank-databases.ts';
import { loadSecrets } from '../secrets.ts';
import { seedDemo } from '../seed.ts';
import { connectionOf } from '../stack/kafka.ts';
import { PROCESSES } from '../stack/processes.ts';
import { ensureReplication } from '../stack/replication.ts';
import { stackSecrets } from '../stack/stack-secrets.ts';
import { HOME, KAFKA, MAIL, POSTGRES } from './places.ts';
import { writeProcessFiles } from './process-files.ts';

// The second step, once PostgreSQL and Kafka run: makes databases, roles, what the standby needs, topics and, with --demo, the
// demo people, and writes for each process of the bank what it reads. What is there already stays.
const { values } = parseArgs({
  options: {
    demo: { type: 'boolean', default: false },
    'public-url': { type: 'string', default: 'https://localhost:8443' },
  },
});
const DEMO_TRIES_MAX = 5;
const certs = join(HOME, 'certs');
const passwords = stackSecrets(HOME);
const secrets = await loadSecrets(HOME);
const postgresUrl = verifiedAddress(
  `postgresql://postgres:${passwords.postgres}@${POSTGRES.host}:${POSTGRES.port}/postgres`,
  join(certs, 'ca.pem'),
);
const databases = await prepareDatabases({ postgresUrl, secrets });
await forStandby();
await ensureTopics(connectionOf(certs, [`${KAFKA.host}:${KAFKA.port}`]));
if (values.demo) await demoWithPatience();
const programs = new Set(PROCESSES.map(({ program }) => program));
for (const program of programs) writeProcessFiles({ secrets, databases, redisPassword: passwords.redis }, program);
process.stdout.write('databases, topics and settings are there\n');

async function forStandby(): Promise<void> {
  const database = openDatabase({ url: postgresUrl, applicationName: 'prepare', poolSize: 1 });
  try {
    await ensureReplication(database, passwords.postgres);
  } finally {
    await database.close();
  }
}

/** A seeding goes on where it stopped, so on a busy machine it is tried again when the database took too long. */
async function demoWithPatience(): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await demo();
    } catch (error) {
      if (!(error instanceof Fault && error.retryable) || tries === DEMO_TRIES_MAX) throw error;
    }
  }
}

/** As `npm start` does it, with the bank in this process for a moment. */
async function demo(): Promise<void> {
  if (existsSync(join(HOME, 'demo-seeded'))) return;
  const publicUrl = values['public-url'];
  const bank = await startBank({
    postgresUrl,
    secrets,
    publicUrl,
    host: '127.0.0.1',
    port: 0,
    limits: {},
    mailUrl: `file:${MAIL}`,
    logger: createLogger({ service: 'prepare', level: 'warn' }),
  });
  try {
    await seedDemo(bank, { home: HOME, publicUrl });
  } finally {
    await bank.close();
  }
}
