/** Settings of every embedded server. Given on the command line, so a new version of ours changes them. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  cluster_name: 'florin',
  max_connections: '300',
  max_prepared_transactions: '64',
  wal_level: 'replica',
  // Sized for a laptop: a small cache of its own, the rest is the system's.
  shared_buffers: '128MB',
  effective_cache_size: '1GB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  random_page_cost: '1.1',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  // Checkpoints are far apart: each one makes every page it meets again go to the log in full.
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  wal_buffers: '16MB',
  // A client killed in the middle of a long statement is noticed.
  client_connection_check_interval: '2s',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  // Statements and the DETAIL of errors quote people's data: they stay out of the log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
};

/** What is acknowledged is on the disk. Never traded for speed. */
const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

/** For tests: survives kill -9 like the other, since what is written is the system's, but not the end of the machine. */
const FAST = { fsync: 'off', synchronous_commit: 'on', full_page_writes: 'off' };

/** The command line of the server. */
export function serverArguments(data: string, port: number, fast: boolean): string[] {
  const settings = { ...SETTINGS, ...(fast ? FAST : DURABLE), port: String(port) };
  return ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
