-- People whom another keeper of identities vouches for: a directory, or another issuer. Its address and the name it has for
-- somebody say who it is, for ever; e-mail addresses and names may pass from one to another and never link anybody.
CREATE TABLE identity (
  issuer        text NOT NULL,
  subject       text NOT NULL,
  person_id     uuid NOT NULL CONSTRAINT identity_person UNIQUE REFERENCES person (id),
  first_seen_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (issuer, subject)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON identity TO :runtime_role;
