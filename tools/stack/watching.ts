import { join } from 'node:path';
import { alertmanagerDaemon } from './alertmanager.ts';
import type { Daemon } from './daemon.ts';
import { EXPORTERS, type Exporter, exporterDaemon, SHARD_EXPORTERS, type ShardExporter } from './exporters.ts';
import type { StackPorts } from './ports.ts';
import { prometheusDaemon } from './prometheus.ts';

/** What looks at the rest of the stack, and tells people. */
export const WATCHING = ['prometheus', 'alertmanager', ...EXPORTERS] as const;
type Watching = (typeof WATCHING)[number] | ShardExporter;

interface WatchingPlace {
  readonly home: string;
  readonly certs: string;
  readonly ports: StackPorts;
  /** Of those who look at PostgreSQL and Redis. */
  readonly password: string;
  readonly alertWebhookUrl?: string | undefined;
  /** Of the shards that have a server of their own now. */
  shardExporters(): readonly ShardExporter[];
}

/** How each of them is started. */
export function watchingDaemons(place: WatchingPlace): Readonly<Record<Watching, () => Daemon>> {
  const { home, certs, ports, password, alertWebhookUrl: webhookUrl, shardExporters } = place;
  const exporters = { folder: join(home, 'exporters'), certs, ports, password };
  return {
    prometheus: () =>
      prometheusDaemon({ folder: join(home, 'prometheus'), certs, ports, shardExporters: shardExporters() }),
    alertmanager: () => alertmanagerDaemon({ folder: join(home, 'alertmanager'), ports, webhookUrl }),
    ...(Object.fromEntries(
      [...EXPORTERS, ...SHARD_EXPORTERS].map((name) => [name, () => exporterDaemon(exporters, name)]),
    ) as Record<Exporter, () => Daemon>),
  };
}
