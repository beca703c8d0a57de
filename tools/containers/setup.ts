import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '@florin/primitives';
import { ensureCertificates } from '../development-certificates.ts';
import { brokerSettings, KAFKA_LOG, keystore } from '../stack/kafka-settings.ts';
import { edgeConfig } from '../stack/nginx.ts';
import { clientsOf, postgresSettings, REPLICATOR, STANDBY_NAME, settingsText } from '../stack/postgres.ts';
import { scrapeConfig } from '../stack/prometheus.ts';
import { redisSettings } from '../stack/redis.ts';
import { stackSecrets } from '../stack/stack-secrets.ts';
import { copyFor, folderOf, HOME, KAFKA, POSTGRES, REDIS, RUN, writeFor } from './places.ts';

// The first of two steps before the bank of compose.yaml starts: makes certificates and passwords that are missing, and
// writes for each server that is not ours what it reads. It needs no network and says nothing of what it made.
const { folder: certs } = await ensureCertificates(HOME, { clock: systemClock });
const passwords = stackSecrets(HOME);
for (const name of ['postgres', 'kafka', 'redis', 'prometheus'] as const)
  copyFor(name, 'ca.pem', join(certs, 'ca.pem'));
forPostgres();
forKafka();
forRedis();
forNginx();
forPrometheus();
process.stdout.write('certificates, passwords and settings are there\n');

function forPostgres(): void {
  for (const file of ['postgres.pem', 'postgres-key.pem']) copyFor('postgres', file, join(certs, file));
  writeFor('postgres', 'password', passwords.postgres);
  // Anybody on the network of the containers, which has no way in from outside, with a password over TLS.
  writeFor('postgres', 'pg_hba.conf', clientsOf('all'));
  const settings = postgresSettings({
    bind: '*',
    port: POSTGRES.port,
    hbaFile: join(RUN, 'pg_hba.conf'),
    certificateFile: join(RUN, 'postgres.pem'),
    // A copy that the server owns: it takes no key that others may read.
    keyFile: '/tmp/postgres-key.pem',
    caFile: join(RUN, 'ca.pem'),
  });
  writeFor('postgres', 'postgresql.conf', settingsText(settings));
  const from = `host=${POSTGRES.host} port=${POSTGRES.port} user=${REPLICATOR} password=${passwords.postgres}`;
  const trust = `sslmode=verify-full sslrootcert=${join(RUN, 'ca.pem')} application_name=${STANDBY_NAME}`;
  writeFor('postgres', 'primary.conninfo', `${from} ${trust}`);
}

function forKafka(): void {
  writeFor('kafka', 'keystore.pem', keystore(certs));
  writeFor('kafka', 'log4j2.properties', KAFKA_LOG);
  const settings = brokerSettings({
    name: KAFKA.host,
    bind: '0.0.0.0',
    id: 1,
    voters: [`1@${KAFKA.host}:${KAFKA.controllerPort}`],
    port: KAFKA.port,
    advertisedPort: KAFKA.port,
    controllerPort: KAFKA.controllerPort,
    keystoreFile: join(RUN, 'keystore.pem'),
    caFile: join(RUN, 'ca.pem'),
    data: '/var/lib/kafka/data/log',
  });
  writeFor('kafka', 'server.properties', settings);
  // The data of a cluster are bound to it for good.
  if (!existsSync(join(folderOf('kafka'), 'cluster-id'))) {
    writeFor('kafka', 'cluster-id', randomBytes(16).toString('base64url'));
  }
}

function forRedis(): void {
  for (const file of ['redis.pem', 'redis-key.pem']) copyFor('redis', file, join(certs, file));
  const where = { bind: '*', port: REDIS.port, certs: RUN, folder: '/tmp' };
  const users = {
    ...{ password: passwords.redis, watcherPassword: passwords.watcher },
    operatorPassword: passwords.redisOperator,
  };
  writeFor('redis', 'redis.conf', redisSettings({ ...where, ...users }));
}

function forNginx(): void {
  for (const file of ['edge.pem', 'edge-key.pem']) copyFor('nginx', file, join(certs, file));
  const config = edgeConfig({
    // Debian's NGINX has its module for streams there, others have it built in.
    modules: 'include /etc/nginx/modules-enabled/*.conf;',
    pidFile: '/tmp/nginx.pid',
    temporaryFolder: '/tmp',
    certificateFile: join(RUN, 'edge.pem'),
    keyFile: join(RUN, 'edge-key.pem'),
    listen: '8443',
    gateways: ['gateway:8080', 'gateway2:8080'],
    ledgers: ['transactions:8080', 'transactions2:8080'],
    ledgersListen: '8090',
    databases: [],
  });
  writeFor('nginx', 'nginx.conf', config);
}

function forPrometheus(): void {
  const files = { rules: ['/etc/florin/rules.yml', '/etc/florin/objectives.yml'], ca: join(RUN, 'ca.pem') };
  writeFor(
    'prometheus',
    'prometheus.yml',
    JSON.stringify(
      scrapeConfig(files, ({ name }) => `${name}:8081`),
      null,
      2,
    ),
  );
}
