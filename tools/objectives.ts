/** What the bank promises, as a share of events that go well. */
export interface Objective {
  /** The label `objective`. */
  readonly name: string;
  /** The alert. */
  readonly alert: string;
  /** Of a hundred events so many go well, over thirty days. */
  readonly percent: number;
  /** Events each second that went wrong, and all of them: PromQL over five minutes. */
  readonly bad: string;
  readonly all: string;
  /** What happens to customers, for a summary: "requests fail". */
  readonly harm: string;
}

const REQUESTS = 'florin_http_request_duration_seconds_count{job="gateway"';
const TRANSFERS = 'florin_http_request_duration_seconds';
const TRANSFER_ROUTE = 'job="gateway",method="POST",route="/v1/transfers"';

export const OBJECTIVES: readonly Objective[] = [
  {
    name: 'requests-answered',
    alert: 'RequestsFail',
    percent: 99.9,
    bad: `sum(rate(${REQUESTS},status="5xx"}[5m])) or vector(0)`,
    all: `sum(rate(${REQUESTS}}[5m]))`,
    harm: 'requests fail',
  },
  {
    name: 'transfers-quick',
    alert: 'TransfersAreSlow',
    percent: 99,
    bad: `sum(rate(${TRANSFERS}_count{${TRANSFER_ROUTE}}[5m])) - sum(rate(${TRANSFERS}_bucket{${TRANSFER_ROUTE},le="1"}[5m]))`,
    all: `sum(rate(${TRANSFERS}_count{${TRANSFER_ROUTE}}[5m]))`,
    harm: 'transfers take longer than a second',
  },
  {
    name: 'events-fresh',
    alert: 'EventsAreLate',
    percent: 99,
    bad: 'sum(rate(florin_event_lag_seconds_count[5m])) - sum(rate(florin_event_lag_seconds_bucket{le="2"}[5m]))',
    all: 'sum(rate(florin_event_lag_seconds_count[5m]))',
    harm: 'events take effect later than two seconds after they happened',
  },
];

interface Burn {
  /** How many times faster than a budget that lasts thirty days. */
  readonly rate: number;
  /** Over both of them: the long one says that it matters, the short one that it still goes on. */
  readonly long: string;
  readonly short: string;
  readonly severity: 'page' | 'ticket';
}

/**
 * Multi-window, multi-burn-rate alerts: Google, The Site Reliability Workbook, chapter 5, table 5-8. Two per cent of the month's
 * budget gone in an hour, or five in six hours, wake somebody; ten per cent in three days are looked at in the morning.
 */
const BURNS: readonly Burn[] = [
  { rate: 14.4, long: '1h', short: '5m', severity: 'page' },
  { rate: 6, long: '6h', short: '30m', severity: 'page' },
  { rate: 1, long: '3d', short: '6h', severity: 'ticket' },
];

const WINDOWS = [...new Set(BURNS.flatMap(({ long, short }) => [short, long]))];
const INTERVAL_SECONDS = 30;
/** In a quiet night one failed request of three is no outage: so many must have gone wrong in the long window. */
const BAD_EVENTS_MIN = 10;

/** The rules of the objectives, as Prometheus reads them. */
export function objectivesText(): string {
  return `# Written by \`npm run generate\` from tools/objectives.ts; what is changed here by hand is lost.
# Tried by \`promtool test rules objectives.test.yml\`.
groups:
  - name: florin-objectives
    interval: ${INTERVAL_SECONDS}s
    rules:
${OBJECTIVES.flatMap(recordsOf).join('\n')}
${WINDOWS.map(burnOf).join('\n')}
${OBJECTIVES.flatMap((objective) => BURNS.map((burn) => alertOf(objective, burn))).join('\n')}
`;
}

/** Long windows are sums over these, so that no rule reads days of raw samples. */
function recordsOf({ name, bad, all, percent }: Objective): string[] {
  const records = { 'bad:rate5m': bad, 'all:rate5m': all, 'budget:ratio': `vector(${budgetOf(percent)})` };
  return Object.entries(records).map(
    ([kind, expression]) => `      - record: florin:objective_${kind}
        expr: ${expression}
        labels: { objective: ${name} }`,
  );
}

/** How fast the budgets go: 1 is as fast as they may. */
function burnOf(window: string): string {
  const share = `sum_over_time(florin:objective_bad:rate5m[${window}]) / sum_over_time(florin:objective_all:rate5m[${window}])`;
  return `      - record: florin:objective_burn:rate${window}
        expr: ${share} / florin:objective_budget:ratio`;
}

function alertOf({ name, alert, harm }: Objective, { rate, long, short, severity }: Burn): string {
  const burn = (window: string) => `florin:objective_burn:rate${window}{objective="${name}"} > ${rate}`;
  const events = `sum_over_time(florin:objective_bad:rate5m{objective="${name}"}[${long}]) * ${INTERVAL_SECONDS}`;
  return `      - alert: ${alert}
        expr: ${burn(long)} and ${burn(short)} and ${events} > ${BAD_EVENTS_MIN}
        labels: { severity: ${severity}, window: ${long} }
        annotations:
          summary: "${harm}: the budget of a month goes {{ $value | humanize }} times too fast"`;
}

/** The share of events that may go wrong, without the noise of binary fractions. */
function budgetOf(percent: number): number {
  return Number(((100 - percent) / 100).toFixed(6));
}
