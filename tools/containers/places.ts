import { chmodSync, copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the set-up keeps for itself: the authority, every secret, the passwords of demo people. No other container has it. */
export const HOME = '/var/lib/florin/home';

/** Where mail goes while nobody sends it. */
export const MAIL = '/var/lib/florin/mail';

/** Where a container finds what was made for it; the set-up writes it in `folderOf` its name. */
export const RUN = '/run/florin';

/** A directory of the servers and processes that are made something for; each is a volume of its own in compose.yaml. */
type Container = 'postgres' | 'kafka' | 'redis' | 'nginx' | 'prometheus' | 'gateway' | BankService;
type BankService = 'users' | 'accounts' | 'transactions' | 'notifications';

export const POSTGRES = { host: 'postgres.florin.internal', standbyHost: 'standby.florin.internal', port: 5432 };
export const KAFKA = { host: 'kafka.florin.internal', port: 9093, controllerPort: 9094 };
export const REDIS = { host: 'redis.florin.internal', port: 6379 };

export function folderOf(container: Container): string {
  return join('/var/lib/florin', container);
}

/** Servers that are not ours run as users of their own, which are members of the group that owns the folder. */
const GROUP_READS = 0o640;

/** Writes what a server that is not ours reads. */
export function writeFor(container: Container, name: string, text: string): void {
  const file = join(folderOf(container), name);
  writeFileSync(file, text);
  chmodSync(file, GROUP_READS);
}

/** Copies a file of certificates for a server that is not ours. */
export function copyFor(container: Container, name: string, from: string): void {
  const file = join(folderOf(container), name);
  copyFileSync(from, file);
  chmodSync(file, GROUP_READS);
}
