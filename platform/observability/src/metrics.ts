import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** The measurements of one service. One process may hold many services, so each has a registry of its own. */
export interface Metrics {
  readonly registry: Registry;
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  histogram(name: string, help: string, labels?: readonly string[], buckets?: readonly number[]): Histogram;
  gauge(name: string, help: string, labels?: readonly string[]): Gauge;
}

/** Seconds: from half a millisecond (a cached read) to ten seconds (the longest any request may take). */
export const DURATION_BUCKETS: readonly number[] = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/**
 * Opens a registry whose every sample carries the label `service`. Asking for the same name twice answers the same
 * metric, so two parts of a service need not agree on who makes it.
 */
export function createMetrics(options: { readonly service: string }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service: options.service });
  const registers = [registry];

  return {
    registry,
    counter(name, help, labels = []) {
      const existing = registry.getSingleMetric(name);
      return existing instanceof Counter ? existing : new Counter({ name, help, labelNames: [...labels], registers });
    },
    histogram(name, help, labels = [], buckets = DURATION_BUCKETS) {
      const existing = registry.getSingleMetric(name);
      if (existing instanceof Histogram) return existing;
      return new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers });
    },
    gauge(name, help, labels = []) {
      const existing = registry.getSingleMetric(name);
      return existing instanceof Gauge ? existing : new Gauge({ name, help, labelNames: [...labels], registers });
    },
  };
}

let openedProcessMetrics: Registry | undefined;

/**
 * Event loop lag, memory, garbage collection, CPU of this process. They belong to the process, not to a service, so
 * they are collected once however many services it holds, and carry no `service` label.
 */
export function processMetrics(): Registry {
  if (openedProcessMetrics === undefined) {
    openedProcessMetrics = new Registry();
    collectDefaultMetrics({ register: openedProcessMetrics });
  }
  return openedProcessMetrics;
}

/** A gauge of the process. Asking for the same name twice answers the same one. */
export function processGauge(name: string, help: string, labels: readonly string[]): Gauge {
  const registry = processMetrics();
  const existing = registry.getSingleMetric(name);
  if (existing instanceof Gauge) return existing;
  return new Gauge({ name, help, labelNames: [...labels], registers: [registry] });
}

/**
 * All registries as one page of the Prometheus text format. Services of one process have metrics of the same name,
 * which the format allows only as one block, so samples are grouped by their HELP and TYPE lines.
 */
export async function renderMetrics(registries: readonly Registry[]): Promise<string> {
  const pages = await Promise.all(registries.map((registry) => registry.metrics()));
  const samples = new Map<string, { header: string; lines: string[] }>();
  for (const block of pages.flatMap((page) => page.split('\n\n'))) {
    const [help, type, ...lines] = block.trimEnd().split('\n');
    if (help === undefined || type === undefined) continue;
    const known = samples.get(type);
    if (known === undefined) samples.set(type, { header: `${help}\n${type}`, lines });
    else known.lines.push(...lines);
  }
  return `${[...samples.values()].map((block) => [block.header, ...block.lines].join('\n')).join('\n\n')}\n`;
}
