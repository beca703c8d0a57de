import { copyFileSync, cpSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchKafka } from '../stack/kafka.ts';
import { install, NEEDED } from '../stack/packages.ts';
import { run, succeeds } from './programs.ts';

type Environment = Readonly<Record<string, string>>;

const HERE = fileURLToPath(new URL('stand-ins/', import.meta.url));
const DEBIAN = 'debian:bookworm-slim';
const AUTHORITIES = '/etc/ssl/certs/ca-certificates.crt';

/** The images that compose.yaml and the Dockerfile name, by whom they are stood in for. Grafana is in no package of Debian's. */
export const STAND_INS = {
  node: ['node:24-bookworm-slim'],
  servers: [
    'postgres:15-bookworm',
    'redis:7-bookworm',
    'nginx:1.28-bookworm',
    'prom/prometheus:v2.53.5',
    'apache/kafka:4.1.1',
  ],
} as const;

/** Makes a small Debian in the engine, from Debian's packages, where there is none. */
export async function makeDebian(home: string, env: Environment): Promise<void> {
  if (await hasImage(DEBIAN, env)) return;
  const file = join(home, 'debian.tar');
  if (!existsSync(file)) {
    const draft = `${file}.new`;
    await run('mmdebstrap', ['--format=tar', '--variant=minbase', '--include=ca-certificates', 'bookworm', draft]);
    renameSync(draft, file);
  }
  await run('docker', ['import', file, DEBIAN], { env });
}

/** Makes the image of Node that the Dockerfile starts from: this Node and the npm of this machine, on that Debian. */
export async function makeNode(home: string, env: Environment): Promise<void> {
  if (await hasImage(STAND_INS.node[0], env)) return;
  const folder = emptyFolder(home, 'node');
  copyFileSync(process.execPath, join(folder, 'node'));
  cpSync(await npmFolder(), join(folder, 'npm'), { recursive: true });
  await build(folder, 'node.Dockerfile', STAND_INS.node, env);
}

/** Makes one image of Debian's packages that stands in for every server's. */
export async function makeServers(home: string, env: Environment): Promise<void> {
  if (await hasImage(STAND_INS.servers[0], env)) return;
  install([NEEDED.java, NEEDED.maven]);
  mkdirSync(join(home, 'kafka'), { recursive: true });
  fetchKafka(join(home, 'kafka'));
  const folder = emptyFolder(home, 'servers');
  cpSync(join(home, 'kafka', 'jars'), join(folder, 'jars'), { recursive: true });
  await build(folder, 'servers.Dockerfile', STAND_INS.servers, env);
}

/** The package of the npm in the path. It is not asked itself: it looks beside the Node that runs it, which may be this one. */
async function npmFolder(): Promise<string> {
  const program = realpathSync((await run('sh', ['-c', 'command -v npm'])).trim());
  return join(program, '..', '..');
}

async function build(folder: string, dockerfile: string, tags: readonly string[], env: Environment): Promise<void> {
  copyFileSync(join(HERE, dockerfile), join(folder, 'Dockerfile'));
  // Whom this machine trusts, whose packages may come through a mirror of its own.
  copyFileSync(AUTHORITIES, join(folder, 'ca-certificates.crt'));
  const names = tags.flatMap((tag) => ['--tag', tag]);
  await run('docker', ['build', '--network', 'host', '--force-rm', ...names, folder], { env });
}

function hasImage(tag: string, env: Environment): Promise<boolean> {
  return succeeds('docker', ['image', 'inspect', tag], env);
}

function emptyFolder(home: string, name: string): string {
  const folder = join(home, 'build', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}
