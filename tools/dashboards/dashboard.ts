/** One line of a panel, or several: PromQL, and how each series of its answer is called. */
export interface Query {
  readonly expression: string;
  /** Grafana's notation: `{{label}}`. */
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  /** One of Grafana's units. */
  readonly unit: 's' | 'reqps' | 'ops' | 'bytes' | 'Bps' | 'percentunit' | 'short';
  readonly queries: readonly Query[];
}

export interface Dashboard {
  /** Its address, and the name of its file. */
  readonly name: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** A panel of one query. */
export function panel(title: string, unit: Panel['unit'], expression: string, legend: string): Panel {
  return { title, unit, queries: [{ expression, legend }] };
}

/** Rates are over two minutes: four looks of a Prometheus that looks each thirty seconds. */
export const OVER = '[2m]';

/** The median and what one of twenty and one of a hundred is above, of a histogram. `by` has labels besides `le`. */
export function quantiles(title: string, histogram: string, selector = ''): Panel {
  const queries = [0.5, 0.95, 0.99].map((quantile) => ({
    expression: quantileOf(quantile, histogram, selector),
    legend: `p${quantile * 100}`,
  }));
  return { title, unit: 's', queries };
}

/** A quantile of a histogram, by labels where some are given. */
export function quantileOf(quantile: number, histogram: string, selector = '', by: readonly string[] = []): string {
  return `histogram_quantile(${quantile}, sum by (${['le', ...by].join(', ')}) (rate(${histogram}_bucket${selector}${OVER})))`;
}

/** What is rightly empty in a calm bank, as a zero. */
export function orZero(expression: string): string {
  return `${expression} or vector(0)`;
}
