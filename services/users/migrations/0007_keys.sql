-- What is sealed says at its front with which key. These indexes find what a key that was replaced had sealed.
CREATE INDEX person_email_sealed_with ON person (substring(email_sealed FROM 1 FOR 5));
CREATE INDEX person_name_sealed_with ON person (substring(name_sealed FROM 1 FOR 5));
CREATE INDEX person_login_sealed_with ON person (substring(login_sealed FROM 1 FOR 5)) WHERE login_sealed IS NOT NULL;
CREATE INDEX totp_factor_sealed_with ON totp_factor (substring(secret_sealed FROM 1 FOR 5));
CREATE INDEX passkey_sealed_with ON passkey (substring(name_sealed FROM 1 FOR 5));
CREATE INDEX oidc_record_sealed_with ON oidc_record (substring(payload_sealed FROM 1 FOR 5));
CREATE INDEX web_session_sealed_with ON web_session (substring(tokens_sealed FROM 1 FOR 5));

-- Which key the keyed hashes are made with, by its fingerprint: with another one nobody would be found, and nothing said.
CREATE TABLE hash_key (
  -- There is one row.
  id integer PRIMARY KEY DEFAULT 1 CHECK (id = 1),
  fingerprint bytea NOT NULL
);
GRANT SELECT, INSERT ON hash_key TO :runtime_role;
