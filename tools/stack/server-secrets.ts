import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSecret, writePrivately } from '../secrets.ts';

/** Passwords of the servers that are not ours: the superuser's of PostgreSQL, and that of Redis' one user. */
interface ServerSecrets {
  readonly postgres: string;
  readonly redis: string;
}

/** Reads them from a home folder, or makes them the first time. */
export function serverSecrets(home: string): ServerSecrets {
  const file = join(home, 'stack-secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const made = { postgres: newSecret(), redis: newSecret() };
  mkdirSync(home, { recursive: true, mode: 0o711 });
  writePrivately(file, made);
  return made;
}
