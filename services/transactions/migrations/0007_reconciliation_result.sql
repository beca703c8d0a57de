-- How the last proof of each kind came out. The full one is kept apart: the incremental one of a minute later looks only
-- at what is new, and must not cover up what the full one found.
CREATE TABLE reconciliation_result (
  mode text PRIMARY KEY CHECK (mode IN ('incremental', 'full')),
  checked_accounts bigint NOT NULL,
  checked_postings bigint NOT NULL,
  findings jsonb NOT NULL,
  started_at timestamptz NOT NULL,
  duration_ms bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON reconciliation_result TO :runtime_role;
