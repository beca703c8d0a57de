import { join } from 'node:path';
import { alertmanagerDaemon } from './alertmanager.ts';
import type { Daemon } from './daemon.ts';
import { EXPORTERS, exporterDaemon } from './exporters.ts';
import type { StackPorts } from './ports.ts';
import { prometheusDaemon } from './prometheus.ts';

/** What looks at the rest of the stack, and tells people. */
export const WATCHING = ['prometheus', 'alertmanager', ...EXPORTERS] as const;
type Watching = (typeof WATCHING)[number];

interface WatchingPlace {
  readonly home: string;
  readonly certs: string;
  readonly ports: StackPorts;
  /** Of those who look at PostgreSQL and Redis. */
  readonly password: string;
  readonly alertWebhookUrl?: string | undefined;
}

/** How each of them is started. */
export function watchingDaemons(place: WatchingPlace): Readonly<Record<Watching, () => Daemon>> {
  const { home, certs, ports, password, alertWebhookUrl: webhookUrl } = place;
  const exporters = { folder: join(home, 'exporters'), certs, ports, password };
  return {
    prometheus: () => prometheusDaemon({ folder: join(home, 'prometheus'), certs, ports }),
    alertmanager: () => alertmanagerDaemon({ folder: join(home, 'alertmanager'), ports, webhookUrl }),
    postgresExporter: () => exporterDaemon(exporters, 'postgresExporter'),
    postgres2Exporter: () => exporterDaemon(exporters, 'postgres2Exporter'),
    redisExporter: () => exporterDaemon(exporters, 'redisExporter'),
    nginxExporter: () => exporterDaemon(exporters, 'nginxExporter'),
    nodeExporter: () => exporterDaemon(exporters, 'nodeExporter'),
  };
}
