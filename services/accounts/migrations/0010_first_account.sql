-- Whoever signs up gets a first account. What is asked for is written down with the event that asks; the work comes after.
CREATE TABLE first_account (
  customer_id text PRIMARY KEY,
  -- The newest event that asked, and the piece of work it belongs to.
  event_id text NOT NULL,
  correlation_id text NOT NULL,
  -- Opened here, or the one that the customer had by then.
  account_id uuid REFERENCES account (id),
  -- Whose opening told of it already; another event is told again.
  told_event_id text,
  asked_at timestamptz NOT NULL DEFAULT now(),
  next_try_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  done_at timestamptz,
  outcome text CHECK (outcome IN ('has-account', 'no-customer')),
  CHECK ((done_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX first_account_due ON first_account (next_try_at) WHERE done_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON first_account TO :runtime_role;

-- The event an instruction follows from, for the event that tells of its outcome.
ALTER TABLE control_intent ADD COLUMN correlation_id text, ADD COLUMN causation_id text;
