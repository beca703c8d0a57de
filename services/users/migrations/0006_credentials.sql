-- Whether somebody answered a mail to their address. Nobody was asked before, so nobody has.
ALTER TABLE person ADD COLUMN email_confirmed_at timestamptz;
-- Rises with each new password. A sign-in that began with an older one comes to nothing.
ALTER TABLE person ADD COLUMN credential_version integer NOT NULL DEFAULT 1;
ALTER TABLE sign_in_step ADD COLUMN credential_version integer NOT NULL DEFAULT 1;

-- Mail to be sent: what it is about and for whom, sealed. A link with a token is made when it is sent, and is nowhere here.
CREATE TABLE outgoing_mail (
  id             uuid PRIMARY KEY,
  content_sealed bytea NOT NULL,
  -- What there is to be one of at a time, as a keyed hash: requests of one address.
  once_index     bytea CONSTRAINT outgoing_mail_once UNIQUE,
  attempts       integer NOT NULL DEFAULT 0,
  due_at         timestamptz NOT NULL DEFAULT now(),
  expires_at     timestamptz NOT NULL
);
CREATE INDEX outgoing_mail_due ON outgoing_mail (due_at);
CREATE INDEX outgoing_mail_expiry ON outgoing_mail (expires_at);

-- Tokens that went out by mail, by keyed hash. Good once, for what they were sent for, while the address is the same.
CREATE TABLE mailed_token (
  token_hash   bytea PRIMARY KEY,
  person_id    uuid NOT NULL REFERENCES person (id),
  purpose      text NOT NULL CHECK (purpose IN ('reset-password', 'confirm-email', 'change-email')),
  -- The address of its owner when it was sent.
  email_index  bytea NOT NULL,
  -- Of a change of address: the new one.
  new_email_sealed bytea,
  issued_at    timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz NOT NULL,
  used_at      timestamptz,
  CHECK ((purpose = 'change-email') = (new_email_sealed IS NOT NULL))
);
CREATE INDEX mailed_token_person ON mailed_token (person_id, purpose, issued_at);
CREATE INDEX mailed_token_expiry ON mailed_token (expires_at);

-- Browsers somebody signed in in before, by the keyed hash of the id in their cookie; a cookie without a row is none.
CREATE TABLE known_device (
  device_hash     bytea PRIMARY KEY,
  person_id       uuid NOT NULL REFERENCES person (id),
  device          text CHECK (char_length(device) <= 40),
  known_since     timestamptz NOT NULL DEFAULT now(),
  last_sign_in_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX known_device_person ON known_device (person_id, last_sign_in_at);
CREATE INDEX known_device_age ON known_device (last_sign_in_at);

-- Wrong passwords of strangers' browsers over all names together, a minute at a time.
CREATE TABLE failed_sign_in_minute (
  minute   timestamptz PRIMARY KEY,
  failures integer NOT NULL
);

-- Which wrong password was tried on which name, both as keyed hashes cut short, for minutes: one password tried on many
-- names is seen, and from what is here no password can be told.
CREATE TABLE wrong_password (
  password_hash bytea NOT NULL,
  login_index   bytea NOT NULL,
  tried_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (password_hash, login_index)
);
CREATE INDEX wrong_password_age ON wrong_password (tried_at);

-- Floods that were told of, so that one is told of once.
CREATE TABLE sign_in_flood (
  kind       text NOT NULL,
  subject    bytea NOT NULL,
  told_until timestamptz NOT NULL,
  PRIMARY KEY (kind, subject)
);
CREATE INDEX sign_in_flood_age ON sign_in_flood (told_until);

GRANT SELECT, INSERT, UPDATE, DELETE
  ON outgoing_mail, mailed_token, known_device, failed_sign_in_minute, wrong_password, sign_in_flood TO :runtime_role;
