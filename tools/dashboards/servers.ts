import { type Dashboard, OVER, panel } from './dashboard.ts';

const HITS = `sum by (instance) (rate(pg_stat_database_blks_hit${OVER}))`;
const READS = `sum by (instance) (rate(pg_stat_database_blks_read${OVER}))`;
const DISKS = '{fstype!~"tmpfs|ramfs|squashfs"}';

/** What the bank stands on: PostgreSQL, Redis, NGINX, and the machine. */
export const servers: Dashboard = {
  name: 'servers',
  title: 'Florin: servers',
  panels: [
    {
      title: 'Servers that answer: 1',
      unit: 'short',
      queries: [
        { expression: 'pg_up', legend: 'PostgreSQL {{instance}}' },
        { expression: 'redis_up', legend: 'Redis' },
        { expression: 'nginx_up', legend: 'NGINX' },
      ],
    },
    panel('PostgreSQL: how far the standby is behind', 's', 'max(pg_replication_lag_seconds)', 'standby'),
    panel(
      'PostgreSQL: commits',
      'ops',
      `sum by (datname) (rate(pg_stat_database_xact_commit${OVER})) > 0`,
      '{{datname}}',
    ),
    panel(
      'PostgreSQL: rollbacks',
      'ops',
      `sum by (instance) (rate(pg_stat_database_xact_rollback${OVER}))`,
      '{{instance}}',
    ),
    panel(
      'PostgreSQL: connections',
      'short',
      'sum by (instance, state) (pg_stat_activity_count) > 0',
      '{{instance}} {{state}}',
    ),
    panel(
      'PostgreSQL: longest transaction',
      's',
      'max by (instance) (pg_stat_activity_max_tx_duration)',
      '{{instance}}',
    ),
    panel('PostgreSQL: blocks found in memory', 'percentunit', `${HITS} / (${HITS} + ${READS})`, '{{instance}}'),
    panel(
      'PostgreSQL: deadlocks in an hour',
      'short',
      'sum by (instance) (increase(pg_stat_database_deadlocks[1h]))',
      '{{instance}}',
    ),
    panel('PostgreSQL: size of the databases', 'bytes', 'max by (datname) (pg_database_size_bytes)', '{{datname}}'),
    panel('Redis: commands', 'ops', `sum by (cmd) (rate(redis_commands_total${OVER})) > 0`, '{{cmd}}'),
    panel('Redis: memory in use', 'percentunit', 'redis_memory_used_bytes / redis_memory_max_bytes', 'used'),
    panel('NGINX: connections', 'short', 'nginx_connections_active', 'active'),
    panel('NGINX: requests', 'reqps', `rate(nginx_http_requests_total${OVER})`, 'requests'),
    panel(
      'Machine: processors busy',
      'percentunit',
      `1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}${OVER}))`,
      '{{instance}}',
    ),
    panel('Machine: load', 'short', 'node_load1', '{{instance}}'),
    panel('Machine: memory free', 'bytes', 'node_memory_MemAvailable_bytes', '{{instance}}'),
    panel(
      'Machine: disk free',
      'percentunit',
      `node_filesystem_avail_bytes${DISKS} / node_filesystem_size_bytes${DISKS}`,
      '{{mountpoint}}',
    ),
    panel(
      'Processes: memory',
      'bytes',
      'sum by (job, instance) (process_resident_memory_bytes)',
      '{{job}} {{instance}}',
    ),
    panel(
      'Processes: processor',
      'short',
      `sum by (job, instance) (rate(process_cpu_seconds_total${OVER}))`,
      '{{job}} {{instance}}',
    ),
  ],
};
