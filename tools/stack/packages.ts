import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Fault } from '@florin/primitives';

/** What a program is, where Debian puts it, and the package that has it. */
export interface Needed {
  readonly program: string;
  readonly package: string;
}

/** The programs of the stack. */
export const NEEDED = {
  postgres: { program: '/usr/lib/postgresql/15/bin/postgres', package: 'postgresql-15' },
  java: { program: '/usr/bin/java', package: 'default-jre-headless' },
  maven: { program: '/usr/bin/mvn', package: 'maven' },
  redis: { program: '/usr/bin/redis-server', package: 'redis-server' },
  nginx: { program: '/usr/sbin/nginx', package: 'nginx' },
  nginxStream: { program: '/usr/lib/nginx/modules/ngx_stream_module.so', package: 'libnginx-mod-stream' },
  prometheus: { program: '/usr/bin/prometheus', package: 'prometheus' },
  alertmanager: { program: '/usr/bin/prometheus-alertmanager', package: 'prometheus-alertmanager' },
  postgresExporter: { program: '/usr/bin/prometheus-postgres-exporter', package: 'prometheus-postgres-exporter' },
  redisExporter: { program: '/usr/bin/prometheus-redis-exporter', package: 'prometheus-redis-exporter' },
  nginxExporter: { program: '/usr/bin/prometheus-nginx-exporter', package: 'prometheus-nginx-exporter' },
  nodeExporter: { program: '/usr/bin/prometheus-node-exporter', package: 'prometheus-node-exporter' },
} as const satisfies Readonly<Record<string, Needed>>;

const INSTALL_MS_MAX = 300_000;

/** Those of them that are not here. */
function missingOf(needed: readonly Needed[]): readonly Needed[] {
  return needed.filter(({ program }) => !existsSync(program));
}

/**
 * Installs what is missing with apt, without starting any of it. Faults with `stack-package`, naming the packages, where that
 * is not for us to do or does not work.
 */
export function install(needed: readonly Needed[]): void {
  const missing = missingOf(needed).map((one) => one.package);
  if (missing.length === 0) return;
  const command = `apt-get install ${missing.join(' ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Fault('stack-package', `these programs are missing; on Debian, as root: ${command}`);
  }
  // Its own address: a server that Debian starts by itself would take a port of ours or a user's.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const apt = (...args: string[]) =>
    spawnSync('/usr/bin/apt-get', args, { env, encoding: 'utf8', timeout: INSTALL_MS_MAX });
  apt('update');
  const { status, stderr } = apt('install', '-y', '--no-install-recommends', ...missing);
  if (status === 0 && missingOf(needed).length === 0) return;
  throw new Fault('stack-package', `${command} did not work: ${stderr.trim().split('\n').at(-1)}`);
}
