-- What customers were told. Texts are the client's: a notice is a kind and what its text is made with.
CREATE TABLE notice (
  id uuid PRIMARY KEY,
  owner text NOT NULL,
  kind text NOT NULL,
  parameters jsonb NOT NULL,
  -- The event that it tells of, for those who ask why somebody was told.
  event_id text NOT NULL,
  created_at timestamptz NOT NULL,
  read_at timestamptz
);
CREATE INDEX notice_owner ON notice (owner, id);
CREATE INDEX notice_unread ON notice (owner) WHERE read_at IS NULL;
CREATE INDEX notice_age ON notice USING brin (created_at) WITH (pages_per_range = 32, autosummarize = on);
-- Nobody is welcomed twice, whatever comes again or at the same moment.
CREATE UNIQUE INDEX notice_welcome ON notice (owner) WHERE kind = 'welcome';

-- Whose an account is and how it stands, as far as events told. Whoever is told of money must be known from here.
CREATE TABLE account (
  id uuid PRIMARY KEY,
  status text NOT NULL
);
CREATE TABLE account_owner (
  account_id uuid NOT NULL REFERENCES account (id),
  owner text NOT NULL,
  PRIMARY KEY (account_id, owner)
);
CREATE INDEX account_owner_owner ON account_owner (owner);

-- Money that came to an account whose owners are not known yet: events of two services come in no order.
CREATE TABLE waiting_transfer (
  transfer_id uuid PRIMARY KEY,
  event_id text NOT NULL,
  correlation_id text,
  from_account_id uuid NOT NULL,
  to_account_id uuid NOT NULL,
  amount_minor bigint NOT NULL,
  currency text NOT NULL,
  reference text NOT NULL,
  came_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX waiting_transfer_age ON waiting_transfer (came_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON notice TO :runtime_role;
GRANT SELECT, INSERT, UPDATE ON account TO :runtime_role;
GRANT SELECT, INSERT, DELETE ON account_owner TO :runtime_role;
-- A row is locked before it is taken, and that counts as an update.
GRANT SELECT, INSERT, UPDATE, DELETE ON waiting_transfer TO :runtime_role;
