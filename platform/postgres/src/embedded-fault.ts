import { Fault } from '@florin/primitives';

/** What stands in the way of a start, as one sentence a person can act on. */
export function startFault(error: unknown, folder: string): unknown {
  if (error instanceof Fault) return error;
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(folder, error);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'EEXIST':
      return notWritable(folder, error);
    default:
      return error;
  }
}

/** The same, read from what initdb or the server wrote before it gave up. `undefined`: nothing we know. */
export function outputFault(output: string, folder: string, port?: number): Fault | undefined {
  if (/Address already in use|could not create any TCP\/IP sockets/.test(output)) return portInUse(port);
  if (/No space left on device|Disk quota exceeded/.test(output)) return diskFull(folder);
  if (/Permission denied|wrong ownership|Read-only file system|Operation not permitted/.test(output))
    return notWritable(folder);
  if (/incompatible with server/.test(output)) return otherVersion(folder, 'another version');
  return undefined;
}

/** What the server said last that matters, for a fault nobody foresaw. */
export function serverFailed(output: string, logFile: string): Fault {
  const line = output.match(/^.*?(?:FATAL|PANIC|error|ERROR): +(.*)$/m)?.[1] ?? output.trim().split('\n').at(-1) ?? '';
  return new Fault('server-failed', `PostgreSQL did not start: ${line || 'it said nothing'} (log: ${logFile}).`);
}

export function portInUse(port: number | undefined): Fault {
  return new Fault('port-in-use', `Port ${port ?? ''} of PostgreSQL is in use by another program.`);
}

export function otherVersion(folder: string, found: string): Fault {
  const message = `The data in ${folder} is of PostgreSQL ${found}, and this is 18: move it away or start with --reset.`;
  return new Fault('data-version', message);
}

function diskFull(folder: string, cause?: unknown): Fault {
  return new Fault('disk-full', `There is no space left on the disk of ${folder}.`, { cause });
}

function notWritable(folder: string, cause?: unknown): Fault {
  return new Fault('data-not-writable', `The folder ${folder} cannot be written by this user.`, { cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
