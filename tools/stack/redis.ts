import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeTextPrivately } from '../secrets.ts';
import type { Daemon } from './daemon.ts';
import { WATCHER } from './exporters.ts';
import { NEEDED } from './packages.ts';
import type { StackPorts } from './ports.ts';
import { isListening } from './reachable.ts';

interface RedisPlace {
  readonly folder: string;
  readonly certs: string;
  readonly ports: StackPorts;
  /** Of the bank's user. */
  readonly password: string;
  /** Of who may ask how the server is. */
  readonly watcherPassword: string;
  /** Of who may empty it, and nothing else. */
  readonly operatorPassword: string;
}

interface RedisAddress extends Omit<RedisPlace, 'ports'> {
  readonly bind: string;
  readonly port: number;
}

/**
 * Nothing is kept over a restart. When it is full it refuses what is new and lets go of nothing: what a customer was told last, and
 * which proofs were used, must not go unnoticed. Hardly anything lives for more than a minute, so it has room again by itself.
 */
const MEMORY_MAX = '64mb';
const READY_MS = 10_000;

/** Redis over mutual TLS, with a user who may do what the bank does, one who may ask how it is, and one who may empty it. */
export function redisDaemon(place: RedisPlace): Daemon {
  const { folder, ports } = place;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const configFile = join(folder, 'redis.conf');
  writeTextPrivately(configFile, redisSettings({ ...place, bind: '127.0.0.1', port: ports.redis }));
  return {
    name: 'redis',
    command: NEEDED.redis.program,
    args: [configFile],
    isReady: () => isListening(ports.redis),
    readyMs: READY_MS,
  };
}

/** The settings of Redis: where it listens, the folders of its certificates and of its work, and its users. */
export function redisSettings(redis: RedisAddress): string {
  const { bind, port, certs, folder, password, watcherPassword, operatorPassword } = redis;
  const lines = [
    `bind ${bind}`,
    'port 0',
    `tls-port ${port}`,
    `tls-cert-file ${join(certs, 'redis.pem')}`,
    `tls-key-file ${join(certs, 'redis-key.pem')}`,
    `tls-ca-cert-file ${join(certs, 'ca.pem')}`,
    'tls-auth-clients yes',
    'tls-protocols "TLSv1.2 TLSv1.3"',
    `dir ${folder}`,
    'save ""',
    'appendonly no',
    `maxmemory ${MEMORY_MAX}`,
    'maxmemory-policy noeviction',
    'user default off',
    `user florin on >${password} ~* &* -@all +get +set +del +eval +info +client|setname +select +ping +time +hget +hset +hdel +zrange +zadd +zcard +zpopmin +pexpire`,
    `user ${WATCHER} on >${watcherPassword} resetkeys resetchannels -@all +info +ping +slowlog|len +slowlog|get +latency|latest`,
    `user operator on >${operatorPassword} -@all +flushall`,
  ];
  return `${lines.join('\n')}\n`;
}
