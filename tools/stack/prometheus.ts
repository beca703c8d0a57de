import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { peerName } from '@florin/http';
import type { Daemon } from './daemon.ts';
import { EXPORTER_JOBS, EXPORTERS, type Exporter, type ShardExporter } from './exporters.ts';
import { NEEDED } from './packages.ts';
import type { StackPorts } from './ports.ts';
import { type BankProcessSpec, PROCESSES } from './processes.ts';

interface PrometheusPlace {
  readonly folder: string;
  readonly certs: string;
  readonly ports: StackPorts;
  /** Besides those that every stack has. */
  readonly shardExporters: readonly ShardExporter[];
}

type TargetOf = (process: BankProcessSpec) => string;

const DEPLOY = fileURLToPath(new URL('../../deploy/prometheus', import.meta.url));
export const RULES = ['rules.yml', 'objectives.yml'].map((file) => join(DEPLOY, file));
const READY_MS = 20_000;
const PROBE_MS = 1_000;

/** Prometheus, which looks at every process and server each five seconds and holds them to the rules of `deploy/prometheus`. */
export function prometheusDaemon({ folder, certs, ports, shardExporters }: PrometheusPlace): Daemon {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const configFile = join(folder, 'prometheus.yml');
  const at = (port: number) => `127.0.0.1:${port}`;
  const bank = scrapeConfig({ rules: RULES, ca: join(certs, 'ca.pem') }, ({ name }) => at(ports[name] + 1));
  const servers = [
    ...exporterTargets(ports, [...EXPORTERS, ...shardExporters]),
    ['alertmanager', [ports.alertmanager]] as const,
  ];
  const config = {
    ...bank,
    alerting: { alertmanagers: [{ static_configs: [{ targets: [at(ports.alertmanager)] }] }] },
    scrape_configs: [
      ...bank.scrape_configs,
      ...servers.map(([job, targets]) => ({ job_name: job, static_configs: [{ targets: targets.map(at) }] })),
    ],
  };
  // JSON is YAML, and nothing in it needs quoting rules.
  writeFileSync(configFile, JSON.stringify(config, null, 2));
  return {
    name: 'prometheus',
    command: NEEDED.prometheus.program,
    args: [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--storage.tsdb.retention.time=15d',
      `--web.listen-address=127.0.0.1:${ports.prometheus}`,
    ],
    isReady: async () => {
      const answer = await fetch(`http://127.0.0.1:${ports.prometheus}/-/ready`, {
        signal: AbortSignal.timeout(PROBE_MS),
      });
      return answer.status === 200;
    },
    readyMs: READY_MS,
  };
}

/**
 * The settings of Prometheus: the files of its rules, that of the authority of whom it looks at, and the `host:port` of the
 * internal port of each process.
 */
export function scrapeConfig(files: { readonly rules: readonly string[]; readonly ca: string }, targetOf: TargetOf) {
  const jobs = [...new Set(PROCESSES.map(({ program }) => program))];
  return {
    global: { scrape_interval: '5s', evaluation_interval: '5s' },
    rule_files: files.rules,
    scrape_configs: jobs.map((program) => ({
      job_name: program,
      scheme: 'https',
      // Known by the name in its certificate, wherever it is.
      tls_config: { ca_file: files.ca, server_name: peerName(program) },
      static_configs: [{ targets: PROCESSES.filter((one) => one.program === program).map(targetOf) }],
    })),
  };
}

/** Exporters by the job they are: what they tell of is the job, not they. */
function exporterTargets(
  ports: StackPorts,
  exporters: readonly Exporter[],
): (readonly [job: string, ports: readonly number[]])[] {
  return [...new Set(Object.values(EXPORTER_JOBS))].map((job) => [
    job,
    exporters.filter((name) => EXPORTER_JOBS[name] === job).map((name) => ports[name]),
  ]);
}
