-- Months that are over, as they were put on paper. A statement is the lines of a stretch of versions; stretches follow
-- each other without a gap, so every line of an account is on exactly one statement, whenever it arrived.
CREATE TABLE statement (
  account_id uuid NOT NULL REFERENCES account (id),
  sequence integer NOT NULL CHECK (sequence >= 1),
  period text NOT NULL CHECK (period ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  from_date date NOT NULL,
  to_date date NOT NULL,
  first_version bigint NOT NULL,
  -- One less than the first when the month has no line.
  last_version bigint NOT NULL,
  opening_minor bigint NOT NULL,
  closing_minor bigint NOT NULL,
  -- Turnover has no bound of its own, unlike a balance.
  credits_minor numeric(38) NOT NULL CHECK (credits_minor >= 0),
  debits_minor numeric(38) NOT NULL CHECK (debits_minor >= 0),
  line_count integer NOT NULL,
  credit_count integer NOT NULL,
  iban text NOT NULL,
  holder_name text NOT NULL,
  account_name text NOT NULL,
  currency text NOT NULL,
  -- sha256 of the lines, so that what is rendered later is what was frozen.
  lines_sha256 text NOT NULL CHECK (lines_sha256 ~ '^[0-9a-f]{64}$'),
  -- By the business clock.
  frozen_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, sequence),
  UNIQUE (account_id, period),
  CHECK (opening_minor + credits_minor - debits_minor = closing_minor),
  CHECK (to_date = date_trunc('month', to_date::timestamp) + interval '1 month - 1 day'),
  CHECK (period = to_char(to_date::timestamp, 'YYYY-MM') AND period = to_char(from_date::timestamp, 'YYYY-MM')),
  CHECK (credit_count BETWEEN 0 AND line_count AND last_version >= first_version - 1),
  CHECK (frozen_at AT TIME ZONE 'UTC' >= to_date + 1)
);

-- Each statement goes on where the one before ended: balance, version, day and number.
CREATE FUNCTION refuse_broken_statement_chain() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  before statement;
BEGIN
  SELECT * INTO before FROM statement WHERE account_id = NEW.account_id AND sequence = NEW.sequence - 1;
  IF NEW.sequence = 1 AND NEW.opening_minor = 0 AND NEW.first_version = 1 THEN RETURN NEW; END IF;
  IF before.closing_minor = NEW.opening_minor AND before.last_version + 1 = NEW.first_version
    AND before.to_date + 1 = NEW.from_date AND before.currency = NEW.currency THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a statement does not go on where the one before it ended'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_chain';
END $$;
CREATE TRIGGER statement_chain BEFORE INSERT ON statement
  FOR EACH ROW EXECUTE FUNCTION refuse_broken_statement_chain();

-- Written once, never changed.
GRANT SELECT, INSERT ON statement TO :runtime_role;
