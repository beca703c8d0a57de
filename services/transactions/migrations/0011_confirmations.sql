-- What payers were asked to confirm. The hash says which payment; what the payment is stays with who asked.
CREATE TABLE confirmation (
  id uuid PRIMARY KEY,
  subject text NOT NULL,
  session_id text NOT NULL,
  debit_account uuid NOT NULL,
  nonce text NOT NULL,
  hash text NOT NULL,
  asked_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  confirmed_at timestamptz,
  used_at timestamptz,
  CHECK (used_at IS NULL OR confirmed_at IS NOT NULL)
);
CREATE INDEX confirmation_open ON confirmation (subject, asked_at) WHERE confirmed_at IS NULL;
CREATE INDEX confirmation_expiry ON confirmation (expires_at);

-- A confirmation is confirmed once and used once, whatever the code above believes.
CREATE FUNCTION refuse_confirmation_twice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.used_at IS NOT NULL OR (OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at) THEN
    RAISE EXCEPTION 'a confirmation is used once' USING ERRCODE = 'check_violation', CONSTRAINT = 'confirmation_once';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER confirmation_once BEFORE UPDATE ON confirmation
  FOR EACH ROW EXECUTE FUNCTION refuse_confirmation_twice();
GRANT SELECT, INSERT, DELETE, UPDATE (confirmed_at, used_at) ON confirmation TO :runtime_role;

-- What somebody paid from an account since they last confirmed a payment from it; read and written under the account's lock.
CREATE TABLE exempted_payment (
  account_id uuid NOT NULL,
  subject text NOT NULL,
  in_a_row smallint NOT NULL CHECK (in_a_row BETWEEN 0 AND 5),
  total bigint NOT NULL CHECK (total >= 0),
  PRIMARY KEY (account_id, subject)
);
GRANT SELECT, INSERT, UPDATE ON exempted_payment TO :runtime_role;

-- Since when a payee is trusted: payments to them are not confirmed, up to an amount.
ALTER TABLE payee ADD COLUMN trusted_at timestamptz;
GRANT UPDATE (trusted_at) ON payee TO :runtime_role;
