import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCertificate, newAuthority, type Pem } from '@florin/certificates';
import { startTestServer, type TestServer } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withClient } from './service-database.ts';
import { verifiedAddress } from './verified-address.ts';

const folder = mkdtempSync(join(tmpdir(), 'florin-pg-'));
let server: TestServer;
let authority: Pem;

const newTestAuthority = () =>
  newAuthority({
    commonName: 'Test authority',
    names: ['localhost'],
    addresses: ['127.0.0.0/8'],
    days: 1,
    clock: Date.now,
  });

/** A server of its own, because it is given a certificate. */
beforeAll(async () => {
  server = await startTestServer();
  authority = await newTestAuthority();
  const { certificate, key } = await issueCertificate(authority, {
    commonName: 'postgres',
    names: ['127.0.0.1'],
    purposes: ['server'],
    fromMs: Date.now(),
    untilMs: Date.now() + 3_600_000,
  });
  await withClient(server.url, async (client) => {
    const { rows } = await client.query(`show data_directory`);
    // The server writes them itself, so that they are its own; it takes no key that others may read.
    for (const [name, pem] of Object.entries({ 'server.crt': certificate, 'server.key': key })) {
      const lines = `select unnest(string_to_array('${pem.trim()}', E'\\n'))`;
      await client.query(`copy (${lines}) to '${join(rows[0].data_directory, name)}'`);
      chmodSync(join(rows[0].data_directory, name), 0o600);
    }
    await client.query('alter system set ssl = on');
    await client.query('select pg_reload_conf()');
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const isEncrypted = (url: string) =>
  withClient(url, async (client) => {
    const { rows } = await client.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
    return rows[0].ssl;
  });

function fileOf(name: string, pem: Pem): string {
  const file = join(folder, name);
  writeFileSync(file, pem.certificate);
  return file;
}

test('PostgreSQL is reached over TLS, and only with the authority that its certificate is from', async () => {
  const ours = verifiedAddress(server.url, fileOf('ca.pem', authority));
  // The new settings reach the server a moment after it was told to read them.
  await expect.poll(() => isEncrypted(ours).catch((error) => String(error.cause)), { timeout: 10_000 }).toBe(true);
  const other = verifiedAddress(server.url, fileOf('other.pem', await newTestAuthority()));
  await expect(isEncrypted(other)).rejects.toMatchObject({ code: 'database-unavailable' });
});
