import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '@florin/primitives';
import { pidOf, startDaemon, stopDaemon } from '../stack/daemon.ts';
import { install, type Needed } from '../stack/packages.ts';
import { run, succeeds } from './programs.ts';

const DOCKERD = 'dockerd';
const NEEDED: readonly Needed[] = [
  { program: '/usr/sbin/dockerd', package: 'docker.io' },
  { program: '/usr/bin/docker-compose', package: 'docker-compose' },
  { program: '/usr/bin/mmdebstrap', package: 'mmdebstrap' },
];
const READY_MS = 30_000;
const STOP_GRACE_MS = 30_000;
const FORWARDING = '/proc/sys/net/ipv4/ip_forward';

/** What the engine changes of the machine's network, as it was before. */
interface NetworkBefore {
  readonly isForwarding: boolean;
  /** Whether what is passed on between networks was let through. */
  readonly acceptsForwarded: boolean;
}

/**
 * Starts an engine of containers of our own, with everything it keeps in `home`; answers what its clients need in their
 * environment. Faults with `no-engine` where that is not for us to do or does not work, and says why.
 */
export async function startEngine(home: string): Promise<Readonly<Record<string, string>>> {
  if (process.getuid?.() !== 0) throw new Fault('no-engine', 'only root may start an engine');
  if (pidOf(home, DOCKERD) === undefined && runsElsewhere()) {
    throw new Fault('no-engine', 'another dockerd runs on this machine, and would lose its network with ours');
  }
  const sockets = socketFolder(home);
  mkdirSync(sockets, { recursive: true, mode: 0o700 });
  try {
    install(NEEDED);
    if (pidOf(home, DOCKERD) === undefined) await noteNetwork(home);
    await startDaemon(home, {
      name: DOCKERD,
      command: '/usr/sbin/dockerd',
      // Without the network that every engine has: builds use the machine's, and the bank has its own.
      args: [
        '--data-root',
        join(home, 'engine'),
        '--exec-root',
        join(sockets, 'exec'),
        '--bridge',
        'none',
        ...addressOf(home),
      ],
      isReady: () => succeeds('docker', ['version'], clientEnvironment(home)),
      readyMs: READY_MS,
    });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    await stopEngine(home);
    throw new Fault('no-engine', error.message, { cause: error });
  }
  return clientEnvironment(home);
}

/** Ends the engine and what it left in the machine's network, mounts and folder of sockets. Its data stays. */
export async function stopEngine(home: string): Promise<void> {
  await stopDaemon(home, DOCKERD, { graceMs: STOP_GRACE_MS });
  await removeSockets(socketFolder(home));
  if (!existsSync(networkFile(home))) return;
  const before: NetworkBefore = JSON.parse(readFileSync(networkFile(home), 'utf8'));
  for (const table of ['filter', 'nat']) await removeRules(table, before);
  if (!before.isForwarding) writeFileSync(FORWARDING, '0');
}

/** How the clients of the engine find it. Its old way to build is the one that Debian has. */
export function clientEnvironment(home: string): Readonly<Record<string, string>> {
  return { DOCKER_HOST: `unix://${join(socketFolder(home), 'socket')}`, DOCKER_BUILDKIT: '0' };
}

function addressOf(home: string): readonly string[] {
  const sockets = socketFolder(home);
  return ['--pidfile', join(sockets, 'pid'), '--host', `unix://${join(sockets, 'socket')}`];
}

/** A path of a socket has 107 bytes at most, so it is not in the home. */
function socketFolder(home: string): string {
  const name = createHash('sha256').update(home).digest('hex').slice(0, 8);
  return join(tmpdir(), `florin-engine-${name}`);
}

/** One that has ended and was not yet fetched by whoever started it, a zombie, does not count. */
function runsElsewhere(): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        return /^\d+ \(dockerd\) [^ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
      } catch {
        // It ended meanwhile.
        return false;
      }
    });
}

/** Networks of containers that an engine did not take down itself are still mounted there. */
async function removeSockets(folder: string): Promise<void> {
  const mounted = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place.startsWith(`${folder}/`));
  if (mounted.length > 0) await run('umount', mounted);
  rmSync(folder, { recursive: true, force: true });
}

async function noteNetwork(home: string): Promise<void> {
  const filter = await run('iptables-save', ['-t', 'filter']);
  const before: NetworkBefore = {
    isForwarding: readFileSync(FORWARDING, 'utf8').trim() === '1',
    acceptsForwarded: !filter.includes(':FORWARD DROP'),
  };
  writeFileSync(networkFile(home), JSON.stringify(before));
}

function networkFile(home: string): string {
  return join(home, 'network-before.json');
}

/** Takes out the engine's chains and every rule that names one, and leaves all others. */
async function removeRules(table: string, { acceptsForwarded }: NetworkBefore): Promise<void> {
  const lines = (await run('iptables-save', ['-t', table])).split('\n');
  const kept = lines
    .filter((line) => !/\bDOCKER/.test(line))
    .map((line) => (acceptsForwarded ? line.replace(/^:FORWARD DROP/, ':FORWARD ACCEPT') : line));
  await run('iptables-restore', ['-T', table], { input: kept.join('\n') });
}
