import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createLogger } from '@florin/observability';
import { Fault, systemClock } from '@florin/primitives';
import { backUp } from './backup.ts';
import { logFileOf } from './daemon.ts';
import { rotateStackKeys } from './keys.ts';
import { moveShard } from './move-shard.ts';
import type { StackOptions } from './plan.ts';
import { BASE_PORT, portsFrom } from './ports.ts';
import { restore } from './restore.ts';
import { SERVERS, type StackServer, statusOf, stopStack } from './servers.ts';
import { failOver, startStack } from './stack.ts';

const USAGE = `npm run stack [-- start|stop|status|logs NAME|restart NAME|fail-over|backup|restore --to TIME|move-shard N|keys [--kek] [--dek]]
                [--port ${BASE_PORT}] [--empty] [--synchronous] [--kafka 3] [--shards N] [--alerts URL]

The bank as separate processes on PostgreSQL with a standby, Apache Kafka, Redis, NGINX, Prometheus and Alertmanager, on this machine only.
  start     starts what does not run, and says where it is (when nothing is said); --synchronous: nothing is acknowledged
            before the standby has it, --no-synchronous takes that back; --kafka 3: a new stack gets three brokers of
            Kafka, of which one may be away; --shards N: the ledger of a new stack is spread over as many databases, up to 4;
            --alerts: who is sent alerts, as a webhook
  stop      ends all of it; what is stored stays in .florin/stack
  status    says what runs
  restart NAME  ends one and starts it again; of gateways and ledgers there are two, and the other does the work
  fail-over lets the standby of PostgreSQL lead, and makes a standby of the one that led
  backup    copies all databases while the bank works, and keeps their log from then on
  restore --to TIME  takes the bank back to a moment since the oldest backup, such as 2026-11-27T09:30:00Z; what came after
            is undone and kept aside, and everybody is signed out
  move-shard N  gives a shard of the ledger from the second (1) on a server of its own, with seconds in which no money moves
  keys      says how far the bank is with its keys; --dek: new data keys, --kek: new keys that lock those
  logs NAME the last lines of one: ${SERVERS.join(', ')}`;

const LOG_LINES = 40;

try {
  await run(process.argv.slice(2));
} catch (error) {
  const sentence =
    error instanceof Fault ? error.message : error instanceof Error ? (error.stack ?? '') : String(error);
  process.stderr.write(`florin: ${sentence}\n`);
  process.exitCode = 1;
}

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    allowNegative: true,
    options: {
      port: { type: 'string', default: String(BASE_PORT) },
      empty: { type: 'boolean', default: false },
      synchronous: { type: 'boolean' },
      alerts: { type: 'string' },
      kafka: { type: 'string' },
      shards: { type: 'string' },
      to: { type: 'string', default: '' },
      kek: { type: 'boolean', default: false },
      dek: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const home = resolve('.florin', 'stack');
  const [command = 'start', name] = positionals;
  if (values.help) return say(USAGE);
  const options = optionsOf(home, values);
  if (command === 'start') return start(options);
  if (command === 'fail-over') return failOver(options);
  if (command === 'backup') return backUp(options, systemClock);
  if (command === 'restore') return restore(options, values.to, systemClock);
  if (command === 'move-shard') return moveShard(options, Number(name));
  if (command === 'keys')
    return rotateStackKeys(
      options,
      (['dek', 'kek'] as const).filter((kind) => values[kind]),
    );
  if (command === 'stop') return say(`stopped: ${(await stopStack(home)).join(', ') || 'nothing ran'}`);
  if (command === 'status') return say(statusLines(home));
  if (command === 'restart' && isServer(name)) return restart(options, name);
  if (command === 'logs' && isServer(name)) return say(lastLines(logFileOf(home, name)));
  throw new Fault('stack-usage', USAGE);
}

interface Asked {
  readonly port: string;
  readonly empty: boolean;
  readonly synchronous?: boolean | undefined;
  readonly alerts?: string | undefined;
  readonly kafka?: string | undefined;
  readonly shards?: string | undefined;
}

function optionsOf(home: string, { port, empty, synchronous, kafka, shards, alerts }: Asked): StackOptions {
  return {
    home,
    basePort: Number(port),
    isEmpty: empty,
    alertWebhookUrl: alerts,
    ...(synchronous === undefined ? {} : { isSynchronous: synchronous }),
    ...(kafka === undefined ? {} : { kafkaBrokers: Number(kafka) }),
    ...(shards === undefined ? {} : { shards: Number(shards) }),
    logger: createLogger({ service: 'stack', level: 'warn' }),
    progress: (name, what) => say(`  ${name.padEnd(16)}${what}`),
  };
}

async function restart(options: StackOptions, name: StackServer): Promise<void> {
  const stack = await startStack({ ...options, isEmpty: true });
  await stack.restart(name);
}

async function start(options: StackOptions): Promise<void> {
  const startedAtMs = performance.now();
  const { publicUrl } = await startStack(options);
  const ports = portsFrom(options.basePort);
  say(`
Florin is ready at ${publicUrl} after ${((performance.now() - startedAtMs) / 1_000).toFixed(0)} s

  the bank          ${publicUrl}   (trust ${join('.florin', 'stack', 'certs', 'ca.pem')})
  demo passwords    ${join('.florin', 'stack', 'demo-users.json')}
  PostgreSQL        localhost:${ports.primary}, standby localhost:${ports.standby}
  Kafka             localhost:${ports.kafka}
  Redis             localhost:${ports.redis}
  Prometheus        http://localhost:${ports.prometheus}
  Alertmanager      http://localhost:${ports.alertmanager}

  npm run stack -- status | logs NAME | stop`);
}

function statusLines(home: string): string {
  return statusOf(home)
    .map(({ name, pid }) => `  ${name.padEnd(16)}${pid === undefined ? 'does not run' : `runs as ${pid}`}`)
    .join('\n');
}

function isServer(name: string | undefined): name is StackServer {
  return SERVERS.some((server) => server === name);
}

function lastLines(file: string): string {
  if (!existsSync(file)) return 'it has said nothing yet';
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LOG_LINES).join('\n');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
