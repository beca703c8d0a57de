import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CertificateRequest, issueCertificate, newAuthority, type Pem } from '@florin/certificates';
import { type Peer, peerName } from '@florin/http';
import type { Clock } from '@florin/primitives';
import { DEVELOPMENT_AUTHORITY } from '@florin/security';
import { STORED_SERVICES, writeTextPrivately } from './secrets.ts';

const DAY_MS = 24 * 3_600_000;
const CERTIFICATE_DAYS = 90;
const AUTHORITY_DAYS = 730;
/** Renewed when less than this is left; the log of a process warns from the same day on. */
const RENEW_BEFORE_DAYS = 14;

/** What is under the names below can be vouched for, and nothing else in the world. */
const AUTHORITY = {
  commonName: DEVELOPMENT_AUTHORITY,
  names: ['localhost', 'florin.internal'],
  addresses: ['127.0.0.0/8', '::1/128'],
  days: AUTHORITY_DAYS,
};

type Issue = Pick<CertificateRequest, 'commonName' | 'names' | 'purposes'>;

/** Servers of the stack that are not ours. Each is known by its name on this machine, and by those it has among containers. */
const ENGINES = { postgres: ['postgres', 'standby'], kafka: ['kafka'], redis: ['redis'] };

const PEERS: readonly Peer[] = ['gateway', ...STORED_SERVICES];

/** The public certificate, which no service takes from a caller, and one to serve and to call with for each process. */
const ISSUES: Readonly<Record<string, Issue>> = {
  edge: { commonName: 'Florin on this machine', names: ['localhost', '127.0.0.1', '::1'], purposes: ['server'] },
  ...Object.fromEntries(
    Object.entries(ENGINES).map(([engine, hosts]): [string, Issue] => [
      engine,
      {
        commonName: engine,
        names: ['localhost', '127.0.0.1', ...hosts.map((host) => `${host}.florin.internal`)],
        purposes: ['server', 'client'],
      },
    ]),
  ),
  // Looks at the servers of the stack and is none.
  watcher: { commonName: 'watcher', names: ['watcher.florin.internal'], purposes: ['client'] },
  ...Object.fromEntries(
    PEERS.map((peer): [string, Issue] => [
      peer,
      { commonName: peer, names: [peerName(peer)], purposes: ['server', 'client'] },
    ]),
  ),
};

/**
 * Makes what is missing in `certs/` of a home folder: a development authority, and certificates for the public port and for
 * every process. What is good for another 14 days stays as it is, unless `renew` is set; the authority stays until it
 * could not outlive a new certificate. Answers the names of what was made.
 */
export async function ensureCertificates(
  home: string,
  options: { readonly clock: Clock; readonly renew?: boolean },
): Promise<{ readonly folder: string; readonly made: readonly string[] }> {
  const nowMs = options.clock();
  const folder = join(home, 'certs');
  // As `loadSecrets` makes it: the database server's own user must pass through.
  mkdirSync(home, { recursive: true, mode: 0o711 });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const made: string[] = [];
  let authority = readPem(folder, 'ca');
  if (authority === undefined || daysLeft(authority, nowMs) < CERTIFICATE_DAYS) {
    authority = await newAuthority({ ...AUTHORITY, clock: options.clock });
    writePem(folder, 'ca', authority);
    made.push('ca');
  }
  for (const [name, issue] of Object.entries(ISSUES)) {
    if (options.renew !== true && isGood(readPem(folder, name), authority, nowMs)) continue;
    const untilMs = nowMs + CERTIFICATE_DAYS * DAY_MS;
    writePem(folder, name, await issueCertificate(authority, { ...issue, fromMs: nowMs, untilMs }));
    made.push(name);
  }
  return { folder, made };
}

function isGood(pem: Pem | undefined, authority: Pem, nowMs: number): boolean {
  if (pem === undefined) return false;
  const { publicKey } = new X509Certificate(authority.certificate);
  return new X509Certificate(pem.certificate).verify(publicKey) && daysLeft(pem, nowMs) >= RENEW_BEFORE_DAYS;
}

function daysLeft(pem: Pem, nowMs: number): number {
  return (new X509Certificate(pem.certificate).validToDate.getTime() - nowMs) / DAY_MS;
}

/** Undefined for what is not there, is damaged, or was left half written: it is made anew. */
function readPem(folder: string, name: string): Pem | undefined {
  const [certificateFile, keyFile] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
  if (!existsSync(certificateFile) || !existsSync(keyFile)) return undefined;
  const pem = { certificate: readFileSync(certificateFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  try {
    return new X509Certificate(pem.certificate).checkPrivateKey(createPrivateKey(pem.key)) ? pem : undefined;
  } catch {
    return undefined;
  }
}

function writePem(folder: string, name: string, pem: Pem): void {
  writeTextPrivately(join(folder, `${name}-key.pem`), pem.key);
  writeTextPrivately(join(folder, `${name}.pem`), pem.certificate);
}
