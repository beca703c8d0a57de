-- Sagas and their logs. A saga's row is what its log adds up to, kept so that it can be found, claimed and fenced.
CREATE TABLE saga (
  id uuid PRIMARY KEY,
  type text NOT NULL,
  definition_version integer NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'compensating', 'needs_attention', 'completed', 'compensated')),
  -- The whole state, as `Saga` in saga.ts.
  state jsonb NOT NULL,
  -- What it is about, for those who look for it: a transfer, an account.
  subject text NOT NULL,
  started_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- When somebody must look at it. Whoever works on it moves this ahead, so it is also the end of their lease.
  next_run_at timestamptz,
  -- Rises with every write. A write that names an older one is somebody's who was thought dead: it changes nothing.
  revision bigint NOT NULL DEFAULT 1,
  -- Who works on it; for people.
  holder text
) WITH (fillfactor = 70);
CREATE INDEX saga_due ON saga (next_run_at) WHERE next_run_at IS NOT NULL;
CREATE INDEX saga_unended ON saga (status, id) WHERE status NOT IN ('completed', 'compensated');

-- What happened, in order and without gaps; added to and never changed.
CREATE TABLE saga_event (
  saga_id uuid NOT NULL,
  seq integer NOT NULL CHECK (seq > 0),
  kind text NOT NULL,
  event jsonb NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (saga_id, seq)
);

-- What a participant without a command table of its own has dealt with; written in the transaction of the effect.
CREATE TABLE saga_barrier (
  saga_id uuid NOT NULL,
  branch text NOT NULL,
  op text NOT NULL CHECK (op IN ('do', 'undo')),
  fingerprint text NOT NULL,
  outcome jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (saga_id, branch, op)
);
CREATE INDEX saga_barrier_age ON saga_barrier USING brin (created_at) WITH (pages_per_range = 32, autosummarize = on);

GRANT SELECT, INSERT, UPDATE ON saga TO :runtime_role;
GRANT SELECT, INSERT ON saga_event TO :runtime_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON saga_barrier TO :runtime_role;
