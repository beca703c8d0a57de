export { type ConnectionOptions, PLAN_SETTINGS } from './client-options.ts';
export { type Database, type DatabaseOptions, openDatabase, type TransactionOptions } from './database.ts';
export {
  databaseUnavailable,
  isDataError,
  isLockTimeout,
  isTransactionConflict,
  isUniqueViolation,
  sqlState,
  violatedConstraint,
} from './database-error.ts';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded-postgres.ts';
export { removeEmbeddedPostgres } from './embedded-removal.ts';
export { runningEmbeddedPostgres } from './embedded-running.ts';
export type { Executor, Tx } from './executor.ts';
export { type MigrateOptions, migrate, readMigrations } from './migrate.ts';
export { databaseReadiness } from './readiness.ts';
export { countReads, openReadingDatabase } from './reading-database.ts';
export { readRuntimeRole } from './runtime-role.ts';
export {
  ensureRole,
  ensureServiceDatabase,
  type ServiceDatabase,
  type ServiceDatabaseOptions,
  urlAs,
  withClient,
} from './service-database.ts';
export { openSession, type Session } from './session.ts';
export { emptySql, joinSql, type Statement, sql } from './sql.ts';
export { verifiedAddress } from './verified-address.ts';
