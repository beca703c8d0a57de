import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueCertificate, newAuthority, type Pem, type Purpose } from '@florin/certificates';
import { createLogger } from '@florin/observability';
import { onTestFinished } from 'vitest';
import { openTlsCredentials, type TlsCredentials } from './tls-credentials.ts';

export const HOUR_MS = 3_600_000;
const QUIET = createLogger({ service: 'test', level: 'silent' });

/** A new authority that may vouch for everything of the bank on this machine. */
export function testAuthority(): Promise<Pem> {
  return newAuthority({
    commonName: 'Test authority',
    names: ['localhost', 'florin.internal'],
    addresses: ['127.0.0.0/8'],
    days: 1,
    clock: Date.now,
  });
}

/** A certificate that is good now, unless told otherwise. */
export function testCertificate(
  authority: Pem,
  names: readonly string[],
  changes: { readonly purposes?: readonly Purpose[]; readonly fromMs?: number; readonly untilMs?: number } = {},
): Promise<Pem> {
  return issueCertificate(authority, {
    commonName: 'test',
    names,
    purposes: ['server', 'client'],
    fromMs: Date.now(),
    untilMs: Date.now() + HOUR_MS,
    ...changes,
  });
}

/** Writes a certificate where a process would find it; the folder goes with the test. */
export function writeFiles(pem: Pem, ca?: Pem) {
  const folder = mkdtempSync(join(tmpdir(), 'florin-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const files = {
    certificateFile: join(folder, 'certificate.pem'),
    keyFile: join(folder, 'key.pem'),
    caFile: join(folder, 'ca.pem'),
  };
  writeFileSync(files.certificateFile, pem.certificate);
  writeFileSync(files.keyFile, pem.key);
  if (ca !== undefined) writeFileSync(files.caFile, ca.certificate);
  return ca === undefined ? { certificateFile: files.certificateFile, keyFile: files.keyFile } : files;
}

/** Credentials of a part of the bank; closed with the test. */
export async function testCredentials(
  authority: Pem,
  names: readonly string[],
  ca = authority,
): Promise<TlsCredentials> {
  const credentials = openTlsCredentials(writeFiles(await testCertificate(authority, names), ca), { logger: QUIET });
  onTestFinished(() => credentials.close());
  return credentials;
}
