import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newSecret, writePrivately } from '../secrets.ts';
import type { StackPorts } from './ports.ts';

/** The passwords of a stack's servers. */
export interface StackSecrets {
  readonly postgres: string;
  readonly redis: string;
  readonly watcher: string;
  readonly redisOperator: string;
}

/** Those of a stack, made when they are asked for first. */
export function stackSecrets(home: string): StackSecrets {
  const file = join(home, 'stack-secrets.json');
  const known: Partial<StackSecrets> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const made = { postgres: newSecret(), redis: newSecret(), redisOperator: newSecret(), watcher: newSecret() };
  const secrets = { ...made, ...known };
  if (Object.keys(known).length === Object.keys(secrets).length) return secrets;
  mkdirSync(home, { recursive: true, mode: 0o711 });
  writePrivately(file, secrets);
  return secrets;
}

/** Where the cache of a stack is, with the password of the bank's user. */
export function redisUrl(home: string, ports: StackPorts): string {
  return `rediss://florin:${stackSecrets(home).redis}@localhost:${ports.redis}`;
}

/** The same for who may empty it, and nothing else. */
export function redisOperatorUrl(home: string, ports: StackPorts): string {
  return `rediss://operator:${stackSecrets(home).redisOperator}@localhost:${ports.redis}`;
}
