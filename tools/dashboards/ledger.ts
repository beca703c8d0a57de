import { type Dashboard, OVER, orZero, panel, quantileOf, quantiles } from './dashboard.ts';

const COMMANDS = 'florin_ledger_command_duration_seconds';
const BATCHES = 'florin_ledger_batch_duration_seconds';
const SIZE = 'florin_ledger_batch_size';

/** Money: what is booked, how long it waits, whether the books are right. */
export const ledger: Dashboard = {
  name: 'ledger',
  title: 'Florin: the ledger',
  panels: [
    panel('Books that balance: 1', 'short', 'min by (mode) (florin_ledger_books_balanced)', '{{mode}}'),
    panel('Since the last proof', 's', 'time() - max by (mode) (florin_ledger_proof_timestamp_seconds)', '{{mode}}'),
    panel('Journals', 'ops', `sum by (kind) (rate(florin_ledger_journals_total${OVER}))`, '{{kind}}'),
    panel('Postings', 'ops', `sum(rate(florin_ledger_postings_total${OVER}))`, 'postings'),
    panel(
      'Commands',
      'ops',
      `sum by (command, outcome) (rate(${COMMANDS}_count${OVER})) > 0`,
      '{{command}} {{outcome}}',
    ),
    panel(
      'Commands that were not accepted',
      'ops',
      orZero(`sum by (command, outcome) (rate(${COMMANDS}_count{outcome!~"accepted|replayed"}${OVER})) > 0`),
      '{{command}} {{outcome}}',
    ),
    panel('Duration by command, p99', 's', `${quantileOf(0.99, COMMANDS, '', ['command'])} > 0`, '{{command}}'),
    panel('Queue', 'short', 'sum by (instance) (florin_ledger_queue_depth)', '{{instance}}'),
    {
      title: 'Submissions in a batch',
      unit: 'short',
      queries: [
        { expression: `sum(rate(${SIZE}_sum${OVER})) / sum(rate(${SIZE}_count${OVER}))`, legend: 'mean' },
        { expression: quantileOf(0.99, SIZE), legend: 'p99' },
      ],
    },
    quantiles('Duration of a batch', BATCHES),
    panel('Open holds', 'short', 'max by (shard) (florin_ledger_open_holds)', 'shard {{shard}}'),
    panel('Age of the oldest hold', 's', 'max by (shard) (florin_ledger_open_hold_oldest_seconds)', 'shard {{shard}}'),
    panel(
      'Transfers in two shards at once',
      'ops',
      orZero(`sum by (status) (rate(florin_two_phase_total${OVER}))`),
      '{{status}}',
    ),
    panel('In doubt', 'short', orZero('max(florin_two_phase_in_doubt)'), 'branches'),
    panel('Age of the oldest in doubt', 's', orZero('max(florin_two_phase_in_doubt_oldest_seconds)'), 'oldest'),
  ],
};
