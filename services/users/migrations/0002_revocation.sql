-- Access tokens that were taken back before they expired. The event tells the doors that are open; one that opens later
-- reads what was revoked in the last ten minutes, longer than any such token lives.
CREATE TABLE revocation (
  id                 bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id          uuid NOT NULL,
  -- Only this sign-in; all of the person's when null.
  sign_in_id         text,
  -- Tokens issued before this second of the epoch.
  not_before_seconds bigint NOT NULL,
  recorded_at        timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX revocation_recorded ON revocation (recorded_at);

GRANT SELECT, INSERT, DELETE ON revocation TO :runtime_role;
