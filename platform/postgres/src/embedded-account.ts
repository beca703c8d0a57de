import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '@florin/primitives';

/** The user of the system the server runs as, when it must not be the one who started us. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root. Debian's own user first, then the one every system has. */
const ACCOUNTS = ['postgres', 'nobody'];

/**
 * Whom the server runs as: nobody else (`undefined`) for an ordinary user, a user without rights for root. Data that
 * exists keeps its owner, be it the person who started the bank before without being root.
 */
export function serverAccount(data?: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = data === undefined ? undefined : statSync(data);
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ACCOUNTS) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Fault('no-account', 'PostgreSQL does not run as root, and this system has no user postgres or nobody.');
}

/** Permission bits: to pass through a folder, and to read and enter it or to run a file. */
export const PASS = 0o1;
export const READ_AND_RUN = 0o5;

/**
 * Whether a path gives an account the wanted permission and every folder above it lets the account through. Other
 * groups of the account do not count, since a process started for it has none.
 */
export function canReach(account: Account | undefined, path: string, wanted: number): boolean {
  if (account === undefined) return true;
  let current = realpathSync(path);
  if (!allows(account, current, wanted)) return false;
  while (current !== '/') {
    current = dirname(current);
    if (!allows(account, current, PASS)) return false;
  }
  return true;
}

/** Whether the permission bits of a path give an account all of the wanted ones (4 read, 2 write, 1 enter or run). */
function allows(account: Account, path: string, wanted: number): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === account.uid ? 6 : gid === account.gid ? 3 : 0;
  return ((mode >> shift) & wanted) === wanted;
}
