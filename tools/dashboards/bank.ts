import { type Dashboard, OVER, orZero, panel, quantileOf, quantiles } from './dashboard.ts';

const REQUESTS = 'florin_http_request_duration_seconds';
const AT_GATEWAY = '{job="gateway"}';
const FAILED = '{job="gateway",status="5xx"}';
const ROWS_MAX = 15;

/** The first one to open: what customers get. Rate, errors and duration, of all of it and by route. */
export const bank: Dashboard = {
  name: 'bank',
  title: 'Florin: the bank',
  panels: [
    panel('Budget burn over an hour: 1 is as fast as it may', 'short', 'florin:objective_burn:rate1h', '{{objective}}'),
    panel('Alerts', 'short', orZero('sum by (alertname) (ALERTS{alertstate="firing"})'), '{{alertname}}'),
    panel('Requests', 'reqps', `sum by (status) (rate(${REQUESTS}_count${AT_GATEWAY}${OVER}))`, '{{status}}'),
    panel(
      'Requests that fail',
      'percentunit',
      `(${orZero(`sum(rate(${REQUESTS}_count${FAILED}${OVER}))`)}) / sum(rate(${REQUESTS}_count${AT_GATEWAY}${OVER}))`,
      'failed',
    ),
    quantiles('Duration', REQUESTS, AT_GATEWAY),
    panel('Requests by service', 'reqps', `sum by (job) (rate(${REQUESTS}_count${OVER}))`, '{{job}}'),
    panel(
      'Requests by route',
      'reqps',
      `topk(${ROWS_MAX}, sum by (method, route) (rate(${REQUESTS}_count${AT_GATEWAY}${OVER})))`,
      '{{method}} {{route}}',
    ),
    panel(
      'Failures by route',
      'reqps',
      orZero(`sum by (method, route) (rate(${REQUESTS}_count${FAILED}${OVER})) > 0`),
      '{{method}} {{route}}',
    ),
    panel(
      'Duration by route, p99',
      's',
      `topk(${ROWS_MAX}, ${quantileOf(0.99, REQUESTS, AT_GATEWAY, ['method', 'route'])} > 0)`,
      '{{method}} {{route}}',
    ),
    panel('Processes that answer', 'short', 'sum by (job) (up)', '{{job}}'),
    panel('Event loop lag, p99', 's', 'max by (job) (nodejs_eventloop_lag_p99_seconds)', '{{job}}'),
    panel(
      'Reads that a standby may answer',
      'ops',
      orZero(`sum by (from) (rate(florin_reads_total${OVER}))`),
      'from the {{from}}',
    ),
  ],
};
