import { expect, it } from 'vitest';
import { between, messagesIn } from './counters.ts';
import { sumOf } from './metrics.ts';

const METRICS = `# HELP florin_events_published_total Events the broker took
florin_events_published_total{outbox="transactions",service="transactions"} 40
florin_events_published_total{outbox="transactions-1",service="transactions"} 2
florin_events_published_total{outbox="accounts",service="accounts"} 1000
florin_saga_commands_total{participant="payer-ledger",outcome="applied",service="transactions"} 7
florin_saga_commands_total{participant="payee-ledger",outcome="unknown",service="transactions"} 1
florin_two_phase_total{status="committed",service="transactions"} 3
florin_two_phase_total_other 9
`;

it('sums a counter over its series, and knows it from others whose names begin alike', () => {
  expect(sumOf(METRICS, 'florin_saga_commands_total')).toBe(8);
  expect(sumOf(METRICS, 'florin_two_phase_total')).toBe(3);
  expect(sumOf(METRICS, 'florin_nothing_total')).toBe(0);
});

it('takes events of the ledger, commands of sagas and four requests of each run in two phases for messages', () => {
  expect(messagesIn(METRICS)).toBe(40 + 2 + 8 + 12);
});

it('takes off what an idle ledger would have committed in the same time', () => {
  const before = { atMs: 10_000, commits: 500, messages: 5 };
  expect(between(before, { atMs: 14_000, commits: 1_500, messages: 65 }, 50)).toEqual({ commits: 800, messages: 60 });
});
