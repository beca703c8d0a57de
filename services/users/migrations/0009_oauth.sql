-- Programs that are not the bank's. Their keys are public; what they prove themselves with stays with them.
CREATE TABLE oauth_client (
  id            uuid PRIMARY KEY,
  name          text NOT NULL,
  redirect_uris text[] NOT NULL,
  scopes        text[] NOT NULL,
  jwks          jsonb NOT NULL,
  status        text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
  registered_at timestamptz NOT NULL DEFAULT now(),
  registered_by text NOT NULL
);

-- What a customer allowed one of them, by the keyed hash of its grant; it is over when the grant is.
CREATE TABLE oauth_consent (
  grant_id       bytea PRIMARY KEY,
  person_id      uuid NOT NULL REFERENCES person (id),
  client_id      uuid NOT NULL REFERENCES oauth_client (id),
  scopes         text[] NOT NULL,
  -- The one payment it may make; null when it may make none.
  payment_sealed bytea,
  given_at       timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX oauth_consent_person ON oauth_consent (person_id, given_at DESC);
CREATE INDEX oauth_consent_client ON oauth_consent (client_id);

-- A key that signs no more is published until the last token it signed has expired.
ALTER TABLE signing_key ADD COLUMN retired_at timestamptz;

GRANT SELECT, INSERT, UPDATE ON oauth_client TO :runtime_role;
GRANT SELECT, INSERT, DELETE ON oauth_consent TO :runtime_role;
