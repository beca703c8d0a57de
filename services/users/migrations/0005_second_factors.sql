-- What proves who somebody is besides a password. An authenticator app shares a secret with us, which is sealed; of
-- recovery codes there are keyed hashes; of a passkey there is the public key, with which nobody can sign.
CREATE TABLE totp_factor (
  person_id     uuid PRIMARY KEY REFERENCES person (id),
  secret_sealed bytea NOT NULL,
  -- One secret from the next: what was begun is confirmed with a code of that very secret.
  enrolment_id  uuid NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  -- NULL until a first code showed that the app has the secret; it asks for nothing before.
  confirmed_at  timestamptz,
  -- The last 30 s of which a code was taken. None of them and none before is taken again.
  last_step     bigint NOT NULL DEFAULT -1
);

CREATE TABLE recovery_code (
  person_id  uuid NOT NULL REFERENCES person (id),
  code_hash  bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at    timestamptz,
  PRIMARY KEY (person_id, code_hash)
);

CREATE TABLE passkey (
  id            uuid PRIMARY KEY,
  person_id     uuid NOT NULL REFERENCES person (id),
  -- What the authenticator calls it; unique among everybody's, or a sign-in could not tell whose it is.
  credential_id bytea NOT NULL CONSTRAINT passkey_credential_taken UNIQUE,
  public_key    bytea NOT NULL,
  -- Rises with each use on authenticators that count; stays 0 on those that do not.
  counter       bigint NOT NULL CHECK (counter >= 0),
  transports    text[] NOT NULL,
  name_sealed   bytea NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now(),
  last_used_at  timestamptz
);
CREATE INDEX passkey_person ON passkey (person_id, created_at);

-- What an authenticator is to sign, once, within minutes; by whom or what it was asked for, as a keyed hash.
CREATE TABLE passkey_challenge (
  bound_to   bytea PRIMARY KEY,
  challenge  bytea NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX passkey_challenge_expiry ON passkey_challenge (expires_at);

-- A sign-in whose password was right and whose second factor is still to come, by the keyed hash of its interaction.
CREATE TABLE sign_in_step (
  interaction bytea PRIMARY KEY,
  person_id   uuid NOT NULL REFERENCES person (id),
  expires_at  timestamptz NOT NULL
);
CREATE INDEX sign_in_step_expiry ON sign_in_step (expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE
  ON totp_factor, recovery_code, passkey, passkey_challenge, sign_in_step TO :runtime_role;
