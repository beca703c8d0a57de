-- Work that begins with a sign-up and goes on by events in other services. Nobody there owns the whole, so whoever began
-- it keeps its deadline and what was heard of it.
CREATE TABLE choreography (
  id uuid PRIMARY KEY,
  type text NOT NULL,
  definition_version integer NOT NULL,
  -- Whom it is about; also the correlation id of its events.
  subject text NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'completed', 'stuck')),
  -- How often it was begun: once, and once more for every retry.
  attempt integer NOT NULL DEFAULT 1,
  -- By the clock of this database, as every time here.
  deadline_at timestamptz NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  CONSTRAINT choreography_once UNIQUE (type, subject),
  CHECK ((status = 'completed') = (ended_at IS NOT NULL))
);
CREATE INDEX choreography_deadline ON choreography (deadline_at) WHERE status = 'running';
CREATE INDEX choreography_open ON choreography (status, id) WHERE status <> 'completed';

-- What happened, in order and without gaps; added to and never changed.
CREATE TABLE choreography_event (
  choreography_id uuid NOT NULL REFERENCES choreography (id),
  seq integer NOT NULL CHECK (seq > 0),
  kind text NOT NULL,
  step text,
  topic text,
  event_id text,
  causation_id text,
  data jsonb NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (choreography_id, seq),
  -- An event that comes again is in it once.
  CONSTRAINT choreography_event_once UNIQUE (choreography_id, topic, event_id)
);

GRANT SELECT, INSERT, UPDATE ON choreography TO :runtime_role;
GRANT SELECT, INSERT ON choreography_event TO :runtime_role;
