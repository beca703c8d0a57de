-- Who was erased: the row stays, because others point to its id, with nothing personal in it. What was sealed before there were
-- customers' keys is emptied like the rest.
ALTER TABLE person ALTER COLUMN email_sealed DROP NOT NULL, ALTER COLUMN email_index DROP NOT NULL,
  ALTER COLUMN name_sealed DROP NOT NULL, ALTER COLUMN password_hash DROP NOT NULL;
ALTER TABLE person DROP CONSTRAINT person_status_check;
ALTER TABLE person ADD CONSTRAINT person_status_check CHECK (status IN ('active', 'disabled', 'erased'));
ALTER TABLE person ADD CONSTRAINT person_erased CHECK (
  CASE WHEN status = 'erased'
    THEN num_nonnulls(email_sealed, email_index, name_sealed, login_sealed, login_index, password_hash) = 0
      AND name_words = '{}'
    ELSE num_nulls(email_sealed, email_index, name_sealed, password_hash) = 0 END);

-- Nobody who was erased comes back, whatever the code above believes.
CREATE FUNCTION refuse_to_bring_back() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'somebody who was erased does not come back'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'person_stays_erased';
END $$;
CREATE TRIGGER person_stays_erased BEFORE UPDATE ON person
  FOR EACH ROW WHEN (OLD.status = 'erased' AND NEW.status <> 'erased') EXECUTE FUNCTION refuse_to_bring_back();

-- Whose mail waits, for what is sealed says it to nobody. What was queued before is sent or over within a day.
ALTER TABLE outgoing_mail ADD COLUMN person_id uuid;
CREATE INDEX outgoing_mail_person ON outgoing_mail (person_id) WHERE person_id IS NOT NULL;
