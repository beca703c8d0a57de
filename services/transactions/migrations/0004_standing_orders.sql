-- A standing order: its terms, which never change, and how far it is.
CREATE TABLE standing_order (
  id uuid PRIMARY KEY,
  owner text NOT NULL,
  from_account uuid NOT NULL,
  to_account uuid NOT NULL,
  to_iban text NOT NULL,
  payee_name text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  reference text NOT NULL,
  frequency text NOT NULL CHECK (frequency IN ('weekly', 'monthly', 'quarterly', 'yearly')),
  -- The date all others are counted from.
  start_date date NOT NULL,
  end_date date CHECK (end_date >= start_date),
  created_at timestamptz NOT NULL,
  status text NOT NULL CHECK (status IN ('active', 'paused', 'ended', 'cancelled')),
  paused_because text,
  next_date date,
  attempts smallint NOT NULL CHECK (attempts >= 0),
  try_on date,
  -- The transfer that a payment under way will be: written before the ledger is asked, so that what became of it can
  -- be found whenever it is looked for.
  transfer_id uuid,
  -- Until then the process that took the order is left alone with it; system time.
  claimed_until timestamptz,
  version bigint NOT NULL,
  -- When it was over; null while it is not.
  over_at timestamptz,
  CHECK ((status = 'paused') = (paused_because IS NOT NULL)),
  CHECK ((status IN ('ended', 'cancelled')) = (over_at IS NOT NULL)),
  CHECK ((over_at IS NULL) = (next_date IS NOT NULL)),
  CHECK ((next_date IS NULL) = (try_on IS NULL)),
  CHECK (from_account <> to_account)
);
-- Those that are not over come first in descending order.
CREATE INDEX standing_order_owner ON standing_order (owner, over_at DESC);
CREATE INDEX standing_order_due ON standing_order (try_on, id) WHERE status = 'active';

-- What became of each date, attempt by attempt.
CREATE TABLE standing_order_execution (
  order_id uuid NOT NULL REFERENCES standing_order,
  due_date date NOT NULL,
  attempt smallint NOT NULL CHECK (attempt > 0),
  outcome text NOT NULL CHECK (outcome IN ('completed', 'will-retry', 'failed', 'skipped')),
  transfer_id uuid,
  problem_code text,
  at timestamptz NOT NULL,
  PRIMARY KEY (order_id, due_date, attempt),
  CHECK ((outcome = 'completed') = (transfer_id IS NOT NULL)),
  CHECK ((outcome IN ('will-retry', 'failed')) = (problem_code IS NOT NULL))
);
-- A date comes to one end, whatever the code above believes.
CREATE UNIQUE INDEX standing_order_execution_end ON standing_order_execution (order_id, due_date)
  WHERE outcome <> 'will-retry';

-- The runtime role may say how far an order is, not what was agreed; and what became of a date is only ever added.
GRANT SELECT, INSERT ON standing_order, standing_order_execution TO :runtime_role;
GRANT UPDATE (status, paused_because, next_date, attempts, try_on, transfer_id, claimed_until, version, over_at)
  ON standing_order TO :runtime_role;
