import { type Dashboard, OVER, orZero, panel, quantileOf } from './dashboard.ts';

const LAG = 'florin_event_lag_seconds';
/** What a follower last saw is nobody's concern. */
const OF_LEADER = 'and on (job, instance, outbox) florin_relay_leader == 1';

/** What is on its way between services: events, sagas, sign-ups, and what is stuck. */
export const events: Dashboard = {
  name: 'events',
  title: 'Florin: events and sagas',
  panels: [
    panel('Events that wait in an outbox', 'short', `max by (outbox) (florin_outbox_rows ${OF_LEADER})`, '{{outbox}}'),
    panel('Age of what waits', 's', `max by (outbox) (florin_outbox_age_seconds ${OF_LEADER})`, '{{outbox}}'),
    panel('Events published', 'ops', `sum by (outbox) (rate(florin_events_published_total${OVER}))`, '{{outbox}}'),
    panel('Processes that publish: 1', 'short', 'sum by (outbox) (florin_relay_leader)', '{{outbox}}'),
    panel('Events taken', 'ops', `sum by (group) (rate(${LAG}_count${OVER}))`, '{{group}}'),
    panel('From an event to its effect, p99', 's', `${quantileOf(0.99, LAG, '', ['group'])} > 0`, '{{group}}'),
    panel(
      'Events put aside in an hour',
      'short',
      orZero('sum by (group) (increase(florin_dead_letters_total[1h]))'),
      '{{group}}',
    ),
    panel('Open sagas', 'short', orZero('max by (type, status) (florin_sagas_open)'), '{{type}} {{status}}'),
    panel('Age of the oldest saga', 's', orZero('max by (type) (florin_saga_oldest_seconds)'), '{{type}}'),
    panel(
      'Saga commands',
      'ops',
      orZero(`sum by (participant, outcome) (rate(florin_saga_commands_total${OVER}))`),
      '{{participant}} {{outcome}}',
    ),
    panel(
      'Sagas that ended',
      'ops',
      orZero(`sum by (type, status) (rate(florin_sagas_ended_total${OVER}))`),
      '{{type}} {{status}}',
    ),
    panel(
      'Times that a saga asked for people, in an hour',
      'short',
      orZero('sum by (type) (increase(florin_sagas_needing_attention_total[1h]))'),
      '{{type}}',
    ),
    {
      title: 'Sign-ups',
      unit: 'short',
      queries: [
        { expression: 'max(florin_choreographies_stuck)', legend: 'late' },
        { expression: 'max(florin_first_accounts_waiting)', legend: 'without an account' },
      ],
    },
    panel('Changes of accounts that wait for the ledger', 'short', 'max(florin_open_intents)', 'changes'),
    panel('Open streams of account changes', 'short', 'sum(florin_account_streams)', 'streams'),
  ],
};
