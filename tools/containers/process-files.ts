import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceDatabase } from '@florin/postgres';
import { keyFileOf, type Secrets, type StoredService, writePrivately, writeTextPrivately } from '../secrets.ts';
import { type BankProcessSpec, databaseSettings, keySettings, standbySettings } from '../stack/processes.ts';
import { folderOf, HOME, POSTGRES, REDIS } from './places.ts';

type Program = BankProcessSpec['program'];

/** What the processes' files are made from. */
export interface BankMaterial {
  readonly secrets: Secrets;
  readonly databases: Readonly<Record<StoredService, ServiceDatabase>>;
  readonly redisPassword: string;
}

/** Writes for a process what it reads: its certificate and authority, its keys, and the settings that hold a secret. */
export function writeProcessFiles(material: BankMaterial, program: Program): void {
  const [folder, certs] = [folderOf(program), join(HOME, 'certs')];
  copyFileSync(join(certs, 'ca.pem'), join(folder, 'ca.pem'));
  copyFileSync(join(certs, `${program}.pem`), join(folder, 'peer.pem'));
  copyFileSync(join(certs, `${program}-key.pem`), join(folder, 'peer-key.pem'));
  if (program === 'gateway') {
    writePrivately(join(folder, 'internal-key.json'), material.secrets.internalKeys['gateway']?.privateJwk);
  }
  if (program === 'users' || program === 'notifications') {
    copyFileSync(keyFileOf(HOME, program), join(folder, 'key.json'));
  }
  writeTextPrivately(join(folder, 'settings.env'), envFile(secretSettings(material, program)));
}

/** The settings of a process that hold a secret, or are made with one; the others are in compose.yaml. */
export function secretSettings({ secrets, databases, redisPassword }: BankMaterial, program: Program) {
  const cache = { FLORIN_REDIS_URL: `rediss://florin:${redisPassword}@${REDIS.host}:${REDIS.port}` };
  if (program === 'gateway') return cache;
  const database = databases[program];
  const hasStandby = program === 'accounts' || program === 'transactions';
  return {
    ...keySettings(secrets, program),
    ...databaseSettings(program, database),
    ...(program === 'accounts' && cache),
    ...(hasStandby && standbySettings(program, onStandby(database.runtimeUrl))),
  };
}

function onStandby(url: string): string {
  const changed = new URL(url);
  changed.hostname = POSTGRES.standbyHost;
  return changed.href;
}

/** As `node --env-file` reads it: between single quotes everything is what it is. No setting of ours has one. */
function envFile(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}='${value}'\n`)
    .join('');
}
