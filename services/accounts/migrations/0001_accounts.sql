-- Who owns which account, in which state, under which limits; and the read model of what the ledger did with them.

CREATE TABLE product (
  code text PRIMARY KEY,
  name text NOT NULL,
  currency text NOT NULL,
  overdraft_minor bigint NOT NULL CHECK (overdraft_minor >= 0),
  daily_limit_minor bigint NOT NULL CHECK (daily_limit_minor >= 0),
  transfer_fee_minor bigint NOT NULL CHECK (transfer_fee_minor >= 0),
  -- The order in which products are offered.
  place smallint NOT NULL UNIQUE
);
INSERT INTO product (code, name, currency, overdraft_minor, daily_limit_minor, transfer_fee_minor, place) VALUES
  ('current-eur',  'Current account',          'EUR',      0, 1000000,  0, 1),
  ('savings-eur',  'Savings account',          'EUR',      0, 1000000,  0, 2),
  ('business-eur', 'Business account',         'EUR', 100000, 1000000, 25, 3),
  ('current-usd',  'US dollar account',        'USD',      0, 1000000,  0, 4),
  ('current-jpy',  'Japanese yen account',     'JPY',      0, 1500000,  0, 5),
  ('current-kwd',  'Kuwaiti dinar account',    'KWD',      0, 10000000, 0, 6);

CREATE TABLE account (
  id uuid PRIMARY KEY,
  iban text NOT NULL CONSTRAINT account_iban UNIQUE,
  name text NOT NULL,
  product_code text NOT NULL REFERENCES product (code),
  currency text NOT NULL,
  holder_name text NOT NULL,
  -- What the ledger is known to enforce.
  status text NOT NULL CHECK (status IN ('opening', 'active', 'frozen', 'closing', 'closed')),
  overdraft_minor bigint NOT NULL,
  daily_limit_minor bigint NOT NULL,
  transfer_fee_minor bigint NOT NULL,
  -- The newest instruction given to the ledger. Numbers are never used twice, also not after a refusal.
  control_version bigint NOT NULL,
  opened_at timestamptz NOT NULL
);

CREATE TABLE account_owner (
  account_id uuid NOT NULL REFERENCES account (id),
  customer_id text NOT NULL,
  PRIMARY KEY (account_id, customer_id)
);
CREATE INDEX account_owner_customer ON account_owner (customer_id, account_id);

-- An instruction to the ledger, written before it is sent. What a crash leaves open here is finished by the sweeper.
CREATE TABLE control_intent (
  account_id uuid NOT NULL REFERENCES account (id),
  control_version bigint NOT NULL,
  action text NOT NULL CHECK (action IN ('open', 'freeze', 'unfreeze', 'close', 'set-daily-limit')),
  wanted_status text NOT NULL CHECK (wanted_status IN ('active', 'frozen', 'closing', 'closed')),
  wanted_daily_limit_minor bigint NOT NULL,
  actor text NOT NULL,
  roles text[] NOT NULL,
  reason text,
  trace_id text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  next_try_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  done_at timestamptz,
  outcome text CHECK (outcome IN ('applied', 'refused')),
  refusal text,
  PRIMARY KEY (account_id, control_version),
  CHECK ((done_at IS NULL) = (outcome IS NULL))
);
-- One open instruction an account: the next decision needs to know what became of the last.
CREATE UNIQUE INDEX control_intent_open ON control_intent (account_id) WHERE done_at IS NULL;
CREATE INDEX control_intent_due ON control_intent (next_try_at) WHERE done_at IS NULL;

-- What was asked under which key, and what was answered; the answer is written with the effect it tells of.
CREATE TABLE command (
  scope text NOT NULL,
  key text NOT NULL,
  fingerprint text NOT NULL,
  -- Null while the work is under way.
  status smallint,
  -- Text, not jsonb: the same bytes must come back.
  body text,
  account_id uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key),
  CHECK ((status IS NULL) = (body IS NULL)),
  CHECK (status IS NOT NULL OR account_id IS NOT NULL)
);
CREATE INDEX command_account ON command (account_id) WHERE status IS NULL;
CREATE INDEX command_created ON command USING brin (created_at) WITH (pages_per_range = 32, autosummarize = on);

-- The read model, fed by transactions.account-changed.v1. It may know an account before the row above is committed.
CREATE TABLE balance (
  account_id uuid PRIMARY KEY,
  version bigint NOT NULL,
  currency text NOT NULL,
  status text NOT NULL,
  posted_minor bigint NOT NULL,
  held_minor bigint NOT NULL,
  overdraft_minor bigint NOT NULL,
  changed_at timestamptz NOT NULL
) WITH (fillfactor = 50);
-- Half-full pages keep the next version of a row beside it, so an update touches no index.
ALTER TABLE balance SET (autovacuum_vacuum_scale_factor = 0.2, autovacuum_analyze_scale_factor = 0.5);

CREATE TABLE history (
  account_id uuid NOT NULL,
  version bigint NOT NULL,
  line smallint NOT NULL,
  journal_id uuid NOT NULL,
  kind text NOT NULL,
  amount_minor bigint NOT NULL,
  balance_after_minor bigint NOT NULL,
  counterparty_iban text,
  counterparty_name text,
  reference text NOT NULL,
  booked_at timestamptz NOT NULL,
  value_date date NOT NULL,
  -- The only index: it serves paging from the newest, and says what is there already.
  PRIMARY KEY (account_id, version, line)
);

GRANT SELECT ON product TO :runtime_role;
GRANT SELECT, INSERT, UPDATE ON account, control_intent, balance TO :runtime_role;
GRANT SELECT, INSERT ON account_owner, history TO :runtime_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON command TO :runtime_role;
