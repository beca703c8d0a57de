import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Environment, Fault, readSettings, settingTable } from '@florin/primitives';
import { decideProductionReadiness, type ProductionFacts, type RoleFacts } from '@florin/security';
import type { TlsFiles } from './tls-credentials.ts';

/** What this process is for; every process reads it. */
export const GUARD_SETTINGS = settingTable({
  FLORIN_ENV: {
    meaning:
      '`production` refuses to start with development keys, demo users, plain http, or a database role that may do too much; else `development`',
    default: 'development',
  },
});

/** The settings that decide whether a process may run in production, by their names. */
export interface GuardedSettings {
  readonly isProduction: boolean;
  readonly secrets: Readonly<Record<string, string>>;
  readonly peerUrls: Readonly<Record<string, string>>;
  readonly databaseUrls: Readonly<Record<string, readonly string[]>>;
  /** Held to the same, but not asked whether their role may do too much: they may be away, and have the primary's roles. */
  readonly standbyUrls?: Readonly<Record<string, readonly string[]>>;
}

/** Collects them. Faults with `setting-invalid` for a FLORIN_ENV that is neither of the two: a typing error must not open doors. */
export function guardedSettings(
  environment: Environment,
  settings: Omit<GuardedSettings, 'isProduction'>,
): GuardedSettings {
  const stage = readSettings(GUARD_SETTINGS, environment).FLORIN_ENV;
  if (stage !== 'production' && stage !== 'development') {
    throw new Fault('setting-invalid', 'the setting FLORIN_ENV must be production or development');
  }
  return { isProduction: stage === 'production', ...settings };
}

/** What else there is to know of a process. */
export interface GuardedProcess extends Partial<Omit<ProductionFacts, 'secrets' | 'peerUrls' | 'databases'>> {
  readonly tlsFiles?: TlsFiles | undefined;
  readonly peerFiles?: TlsFiles | undefined;
  /** Asks a database what the role of an address may do. */
  readonly readRole?: (databaseUrl: string) => Promise<RoleFacts>;
}

/**
 * Ends the process with status 1, and a sentence for each cause on standard error, when it is for production and not ready
 * for it. To be called before anything is opened. Databases are asked about their roles once nothing else speaks against
 * it; the Fault of one that is away is thrown on.
 */
export async function stopUnlessReady(guarded: GuardedSettings, guardedProcess: GuardedProcess): Promise<void> {
  if (!guarded.isProduction) return;
  const { readRole } = guardedProcess;
  const databases = addressesOf(guarded.databaseUrls);
  const facts = factsOf(guarded, guardedProcess);
  const standbys = addressesOf(guarded.standbyUrls ?? {});
  stopFor(decideProductionReadiness({ ...facts, databases: [...databases, ...standbys] }));
  if (readRole === undefined) return;
  const asked = databases.map(async (database) => ({ ...database, role: await readRole(database.url) }));
  stopFor(decideProductionReadiness({ ...facts, databases: await Promise.all(asked) }));
}

function addressesOf(urlsBySetting: Readonly<Record<string, readonly string[]>>) {
  return Object.entries(urlsBySetting).flatMap(([setting, urls]) => urls.map((url) => ({ setting, url })));
}

function factsOf(guarded: GuardedSettings, guardedProcess: GuardedProcess): Omit<ProductionFacts, 'databases'> {
  const { tlsFiles, peerFiles, readRole, ...known } = guardedProcess;
  return {
    isPostgresEmbedded: false,
    makesDemoPeople: false,
    hasPeerCertificate: peerFiles !== undefined,
    secrets: guarded.secrets,
    peerUrls: guarded.peerUrls,
    certificateIssuers: {
      ...(tlsFiles && { FLORIN_TLS_CERTIFICATE_FILE: issuerOf(tlsFiles) }),
      ...(peerFiles && { FLORIN_PEER_CERTIFICATE_FILE: issuerOf(peerFiles) }),
    },
    ...known,
  };
}

/** Empty when there is no such certificate; whoever opens it says why. */
function issuerOf({ certificateFile }: TlsFiles): string {
  try {
    return new X509Certificate(readFileSync(certificateFile)).issuer;
  } catch {
    return '';
  }
}

function stopFor(reasons: readonly string[]): void {
  if (reasons.length === 0) return;
  for (const reason of reasons) process.stderr.write(`florin: not ready for production: ${reason}\n`);
  process.exit(1);
}
