-- People, what proves who they are, and everything the OpenID Connect issuer has to remember.
-- Columns named *_sealed hold AES-256-GCM ciphertext bound to their column and row; *_index are keyed hashes to look up by.

CREATE TABLE person (
  id            uuid PRIMARY KEY,
  email_sealed  bytea NOT NULL,
  email_index   bytea NOT NULL CONSTRAINT person_email_taken UNIQUE,
  name_sealed   bytea NOT NULL,
  login_sealed  bytea,
  login_index   bytea CONSTRAINT person_login_taken UNIQUE,
  password_hash text NOT NULL,
  status        text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  registered_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE person_role (
  person_id  uuid NOT NULL REFERENCES person (id),
  role       text NOT NULL,
  granted_by text NOT NULL,
  granted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (person_id, role)
);

-- Failed sign-ins by the keyed hash of what was typed, whether or not such a person exists.
CREATE TABLE sign_in_failure (
  login_index   bytea PRIMARY KEY,
  failures      integer NOT NULL,
  blocked_until timestamptz NOT NULL,
  last_at       timestamptz NOT NULL
);
CREATE INDEX sign_in_failure_last ON sign_in_failure (last_at);

-- What oidc-provider stores: codes, refresh tokens, grants, sessions, interactions. Ids are keyed hashes, for the raw
-- ids are what a client presents; payloads are sealed, for some of them repeat the id.
CREATE TABLE oidc_record (
  model          text NOT NULL,
  id             bytea NOT NULL,
  payload_sealed bytea NOT NULL,
  grant_id       bytea,
  uid            bytea,
  account_id     uuid,
  client_id      text,
  created_at     timestamptz NOT NULL DEFAULT now(),
  expires_at     timestamptz NOT NULL,
  consumed_at    timestamptz,
  PRIMARY KEY (model, id)
);
CREATE INDEX oidc_record_grant ON oidc_record (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX oidc_record_uid ON oidc_record (model, uid) WHERE uid IS NOT NULL;
CREATE INDEX oidc_record_account ON oidc_record (account_id) WHERE model = 'Grant';
CREATE INDEX oidc_record_expiry ON oidc_record (expires_at);

CREATE TABLE signing_key (
  kid            text PRIMARY KEY,
  -- The lowest position signs; the others are published so that tokens they signed stay verifiable.
  position       integer NOT NULL CONSTRAINT signing_key_position UNIQUE,
  private_sealed bytea NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now()
);

-- Sessions of the web client: the browser holds the raw id in a cookie, the tokens never leave the server.
CREATE TABLE web_session (
  id                bytea PRIMARY KEY,
  person_id         uuid NOT NULL REFERENCES person (id),
  sign_in_id        text NOT NULL,
  tokens_sealed     bytea NOT NULL,
  access_expires_at timestamptz NOT NULL,
  created_at        timestamptz NOT NULL DEFAULT now(),
  seen_at           timestamptz NOT NULL DEFAULT now(),
  ends_at           timestamptz NOT NULL
);
CREATE INDEX web_session_sign_in ON web_session (sign_in_id);
CREATE INDEX web_session_ends ON web_session (ends_at);
CREATE INDEX web_session_seen ON web_session (seen_at);

GRANT SELECT, INSERT, UPDATE, DELETE
  ON person, person_role, sign_in_failure, oidc_record, signing_key, web_session TO :runtime_role;
