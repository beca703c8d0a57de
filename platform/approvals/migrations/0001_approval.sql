-- What one member of staff asks for and another one decides. What was asked never changes: neither the code nor whoever
-- serves requests can, for the runtime role may write the columns of the decision only.
CREATE TABLE approval (
  id uuid PRIMARY KEY,
  action text NOT NULL CHECK (action <> ''),
  resource text NOT NULL CHECK (resource <> ''),
  payload jsonb NOT NULL CHECK (jsonb_typeof(payload) = 'object'),
  -- SHA-256 over what is asked, by whom and under which id: what is carried out is what was looked at.
  fingerprint text NOT NULL CHECK (length(fingerprint) = 43),
  reason text NOT NULL CHECK (reason <> ''),
  maker text NOT NULL CHECK (maker <> ''),
  maker_roles text[] NOT NULL,
  trace_id text NOT NULL,
  -- One question of this name at a time; null for what may be asked many times at once.
  exclusive_key text,
  -- The same request again finds what the first one asked.
  request_key text,
  made_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL CHECK (expires_at > made_at),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'expired', 'rejected', 'approved', 'done', 'failed')),
  checker text,
  checker_roles text[],
  decision_reason text,
  decided_at timestamptz,
  ended_at timestamptz,
  failure jsonb,
  -- Four eyes, whatever the code does.
  CONSTRAINT approval_second_person CHECK (checker <> maker),
  CONSTRAINT approval_has_checker CHECK ((status IN ('pending', 'expired')) = (checker IS NULL)),
  CHECK ((checker IS NULL) = (decided_at IS NULL) AND (checker IS NULL) = (checker_roles IS NULL)),
  CHECK ((status IN ('done', 'failed')) = (ended_at IS NOT NULL)),
  CHECK ((status = 'failed') = (failure IS NOT NULL))
);
CREATE UNIQUE INDEX approval_exclusive ON approval (exclusive_key) WHERE status = 'pending';
CREATE UNIQUE INDEX approval_request ON approval (request_key);
CREATE INDEX approval_status ON approval (status, id);

-- A decision is made once and carried out once: nothing goes back, and nothing is skipped.
CREATE FUNCTION approval_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT ((OLD.status = 'pending' AND NEW.status IN ('expired', 'rejected', 'approved'))
       OR (OLD.status = 'approved' AND NEW.status IN ('done', 'failed')))
     OR (OLD.checker IS NOT NULL AND NEW.checker <> OLD.checker) THEN
    RAISE EXCEPTION 'an approval that is % does not become %', OLD.status, NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_goes_on';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approval_goes_on BEFORE UPDATE ON approval FOR EACH ROW EXECUTE FUNCTION approval_goes_on();

GRANT SELECT, INSERT ON approval TO :runtime_role;
GRANT UPDATE (status, checker, checker_roles, decision_reason, decided_at, ended_at, failure) ON approval TO :runtime_role;
