import type { MetricObjectWithValues, MetricValue } from 'prom-client';

/** What prom-client says of one metric. */
export type Snapshot = MetricObjectWithValues<MetricValue<string>>;

/** What stands on every line: which process, and when. */
export interface EmfPlace {
  readonly service: string;
  readonly instance: string;
  readonly nowMs: number;
}

/** The metrics of everything that has the same labels, and what they come to since the last time. */
interface Series {
  readonly labels: Labels;
  readonly metrics: Map<string, number | Distribution>;
}

/** How often which value was seen: CloudWatch makes its percentiles of this. */
interface Distribution {
  readonly Values: readonly number[];
  readonly Counts: readonly number[];
  readonly Min: number;
  readonly Max: number;
  readonly Sum: number;
  readonly Count: number;
}

type Labels = Readonly<Record<string, string>>;

const NAMESPACE = 'Florin';
/** Of one directive, by the specification of the format. */
const METRICS_PER_LINE_MAX = 100;
/** Lines of one round. Each combination of labels is a metric that costs money; what is beyond is counted. */
const LINES_MAX = 1_000;

/** Turns what metrics have counted so far into what CloudWatch wants to hear: what came since the last time. */
export interface EmfComposer {
  /** Lines of JSON (CloudWatch Embedded Metric Format), without line breaks; nothing for what did not change. */
  compose(
    snapshots: readonly Snapshot[],
    place: EmfPlace,
  ): { readonly lines: readonly string[]; readonly leftOut: number };
}

/** A composer that has heard nothing yet: the first time, counters come as they are. */
export function createEmfComposer(): EmfComposer {
  const before = new Map<string, number>();

  /** How much a number that only grows has grown; one that fell began anew with its process or registry. */
  function grown(key: string, value: number): number {
    const last = before.get(key) ?? 0;
    before.set(key, value);
    return value >= last ? value - last : value;
  }

  return {
    compose(snapshots, place) {
      const bySeries = new Map<string, Series>();
      for (const snapshot of snapshots) {
        for (const [labels, value] of changesOf(snapshot, grown)) {
          const key = JSON.stringify(labels);
          const series = bySeries.get(key) ?? { labels, metrics: new Map() };
          series.metrics.set(snapshot.name, value);
          bySeries.set(key, series);
        }
      }
      const lines = [...bySeries.values()].flatMap((series) => linesOf(series, place));
      return { lines: lines.slice(0, LINES_MAX), leftOut: Math.max(0, lines.length - LINES_MAX) };
    },
  };
}

type Grown = (key: string, value: number) => number;

function changesOf(snapshot: Snapshot, grown: Grown): (readonly [Labels, number | Distribution])[] {
  // prom-client names the kinds in one place and numbers them in its types.
  const kind = String(snapshot.type);
  if (kind === 'histogram') return distributionsOf(snapshot, grown);
  const values = snapshot.values.map(({ labels, value }) => [textLabels(labels), value] as const);
  if (kind === 'gauge') return values.filter(([, value]) => Number.isFinite(value));
  if (kind !== 'counter') return [];
  return values
    .map(([labels, value]) => [labels, grown(`${snapshot.name} ${JSON.stringify(labels)}`, value)] as const)
    .filter(([, value]) => value > 0);
}

interface Buckets {
  readonly labels: Labels;
  readonly bounds: { readonly upTo: number; readonly count: number }[];
  sum: number;
}

function distributionsOf({ name, values }: Snapshot, grown: Grown): (readonly [Labels, Distribution])[] {
  const byLabels = new Map<string, Buckets>();
  for (const sample of values) {
    const { le, ...rest } = sample.labels;
    const labels = textLabels(rest);
    const key = `${name} ${JSON.stringify(labels)}`;
    const buckets = byLabels.get(key) ?? { labels, bounds: [], sum: 0 };
    byLabels.set(key, buckets);
    const metricName = 'metricName' in sample ? String(sample.metricName) : '';
    if (metricName.endsWith('_sum')) buckets.sum = grown(`${key} sum`, sample.value);
    else if (le !== undefined) {
      buckets.bounds.push({ upTo: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le), count: sample.value });
    }
  }
  return [...byLabels].flatMap(([key, buckets]) => {
    const distribution = distributionOf(key, buckets, grown);
    return distribution === undefined ? [] : [[buckets.labels, distribution] as const];
  });
}

/** Prometheus counts up to each bound; a value between two of them is told as their middle. */
function distributionOf(key: string, { bounds, sum }: Buckets, grown: Grown): Distribution | undefined {
  const Values: number[] = [];
  const Counts: number[] = [];
  let counted = 0;
  let from = 0;
  for (const { upTo, count } of bounds.toSorted((left, right) => left.upTo - right.upTo)) {
    const here = grown(`${key} ${upTo}`, count - counted);
    counted = count;
    if (here > 0) {
      Values.push(Number.isFinite(upTo) ? (from + upTo) / 2 : from);
      Counts.push(here);
    }
    from = upTo;
  }
  if (Values.length === 0) return undefined;
  const Count = Counts.reduce((total, count) => total + count, 0);
  return { Values, Counts, Min: Math.min(...Values), Max: Math.max(...Values), Sum: sum, Count };
}

function textLabels(labels: Readonly<Record<string, string | number | undefined>>): Labels {
  const names = Object.keys(labels).sort();
  return Object.fromEntries(names.map((name) => [name, String(labels[name])]));
}

function linesOf({ labels, metrics }: Series, { service, instance, nowMs }: EmfPlace): string[] {
  const dimensions = { service, instance, ...labels };
  const all = [...metrics];
  const lines: string[] = [];
  for (let start = 0; start < all.length; start += METRICS_PER_LINE_MAX) {
    const some = all.slice(start, start + METRICS_PER_LINE_MAX);
    const directive = {
      Namespace: NAMESPACE,
      Dimensions: [Object.keys(dimensions)],
      Metrics: some.map(([Name]) => ({ Name, Unit: unitOf(Name) })),
    };
    const head = { _aws: { Timestamp: nowMs, CloudWatchMetrics: [directive] } };
    lines.push(JSON.stringify({ ...head, ...dimensions, ...Object.fromEntries(some) }));
  }
  return lines;
}

/** Names of metrics end in their unit, as Prometheus asks for. */
function unitOf(name: string): string {
  if (name.endsWith('_seconds')) return 'Seconds';
  if (name.endsWith('_bytes')) return 'Bytes';
  return name.endsWith('_total') ? 'Count' : 'None';
}
