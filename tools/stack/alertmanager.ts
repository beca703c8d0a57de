import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeTextPrivately } from '../secrets.ts';
import type { Daemon } from './daemon.ts';
import { NEEDED } from './packages.ts';
import type { StackPorts } from './ports.ts';

interface AlertmanagerPlace {
  readonly folder: string;
  readonly ports: StackPorts;
  /** Who is sent alerts, as JSON; nobody when not given. */
  readonly webhookUrl?: string | undefined;
}

const READY_MS = 10_000;
const PROBE_MS = 1_000;

/** Alertmanager, which puts alerts together that belong together and sends them on. */
export function alertmanagerDaemon({ folder, ports, webhookUrl }: AlertmanagerPlace): Daemon {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const configFile = join(folder, 'alertmanager.yml');
  // JSON is YAML. Only its owner reads it: an address may hold a token.
  writeTextPrivately(configFile, JSON.stringify(configOf(webhookUrl), null, 2));
  return {
    name: 'alertmanager',
    command: NEEDED.alertmanager.program,
    args: [
      `--config.file=${configFile}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${ports.alertmanager}`,
      // There is one; with an address it would listen to the whole network for others.
      '--cluster.listen-address=',
    ],
    isReady: async () => {
      const answer = await fetch(`http://127.0.0.1:${ports.alertmanager}/-/ready`, {
        signal: AbortSignal.timeout(PROBE_MS),
      });
      return answer.status === 200;
    },
    readyMs: READY_MS,
  };
}

/** Pages are sent at once and again each hour, tickets each day. A server that is away explains what waits for it. */
function configOf(webhookUrl: string | undefined) {
  const people = 'people';
  return {
    route: {
      receiver: people,
      group_by: ['alertname', 'job'],
      group_wait: '5s',
      group_interval: '15s',
      repeat_interval: '24h',
      routes: [{ matchers: ['severity="page"'], receiver: people, repeat_interval: '1h' }],
    },
    inhibit_rules: [
      {
        source_matchers: ['alertname=~"ProcessDown|ServerDown"'],
        target_matchers: ['severity="ticket"'],
        equal: ['job'],
      },
    ],
    receivers: [
      {
        name: people,
        ...(webhookUrl === undefined ? {} : { webhook_configs: [{ url: webhookUrl, send_resolved: true }] }),
      },
    ],
  };
}
