-- The ledger. A customer account is one materialised, versioned row; a journal is one business fact; its postings
-- sum to zero. There are no foreign keys on the hot path: the batch that writes these rows has just read and locked
-- what they refer to.

CREATE TABLE account (
  id uuid PRIMARY KEY,
  iban text NOT NULL UNIQUE,
  holder_name text NOT NULL,
  currency text NOT NULL,
  status text NOT NULL CHECK (status IN ('active', 'frozen', 'closing', 'closed')),
  owners text[] NOT NULL,
  posted bigint NOT NULL,
  held bigint NOT NULL CHECK (held >= 0),
  overdraft bigint NOT NULL CHECK (overdraft >= 0),
  version bigint NOT NULL,
  control_version bigint NOT NULL,
  daily_limit bigint NOT NULL,
  day date NOT NULL,
  spent_today bigint NOT NULL CHECK (spent_today >= 0),
  transfer_fee bigint NOT NULL CHECK (transfer_fee >= 0)
) WITH (fillfactor = 50);
-- Half-full pages leave room for the next versions of a row beside it: no index column ever changes, so every
-- update stays a heap-only one and touches no index.

CREATE TABLE system_account (
  id uuid PRIMARY KEY,
  code text NOT NULL,
  currency text NOT NULL,
  -- The balance up to and with a posting; the rest is summed when asked.
  checkpoint_balance bigint NOT NULL DEFAULT 0,
  checkpoint_posting_id bigint NOT NULL DEFAULT 0,
  UNIQUE (code, currency)
);

CREATE TABLE journal (
  id uuid PRIMARY KEY,
  kind text NOT NULL,
  debit_account uuid NOT NULL,
  credit_account uuid NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  currency text NOT NULL,
  reference text NOT NULL,
  actor text NOT NULL,
  booked_at timestamptz NOT NULL,
  value_date date NOT NULL,
  business_date date NOT NULL,
  parent_id uuid,
  reversal_of uuid,
  reason text,
  CHECK (debit_account <> credit_account)
);
-- A journal is reversed at most once, whatever the code above believes.
CREATE UNIQUE INDEX journal_reversal_of ON journal (reversal_of) WHERE reversal_of IS NOT NULL;
-- Only fees and captures have a parent, so a plain transfer pays nothing for this.
CREATE INDEX journal_parent ON journal (parent_id) WHERE parent_id IS NOT NULL;

CREATE TABLE posting (
  id bigint GENERATED ALWAYS AS IDENTITY,
  account_id uuid NOT NULL,
  journal_id uuid NOT NULL,
  amount bigint NOT NULL CHECK (amount <> 0),
  currency text NOT NULL,
  -- Null on system accounts.
  balance_after bigint,
  version bigint,
  PRIMARY KEY (account_id, id)
);
CREATE INDEX posting_journal ON posting (journal_id);
-- Postings are read by id range when the books are proven; their ids follow the heap, so a tiny index will do.
CREATE INDEX posting_id ON posting USING brin (id) WITH (pages_per_range = 32, autosummarize = on);

-- All postings of a journal arrive in one statement, so this sees it whole.
CREATE FUNCTION refuse_unbalanced_journal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM written GROUP BY journal_id, currency HAVING sum(amount) <> 0) THEN
    RAISE EXCEPTION 'a journal does not sum to zero' USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_balanced';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER posting_balanced AFTER INSERT ON posting
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION refuse_unbalanced_journal();

CREATE TABLE hold (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  captured bigint NOT NULL CHECK (captured BETWEEN 0 AND amount),
  currency text NOT NULL,
  status text NOT NULL CHECK (status IN ('open', 'captured', 'voided', 'expired')),
  reference text NOT NULL,
  day date NOT NULL,
  expires_at timestamptz,
  saga_id uuid
) WITH (fillfactor = 80);
CREATE INDEX hold_open ON hold (account_id) WHERE status = 'open';
CREATE INDEX hold_due ON hold (expires_at) WHERE status = 'open' AND saga_id IS NULL AND expires_at IS NOT NULL;

-- What was asked, by whom, under which key, and what was answered: written in the transaction of the effect.
-- Keys are compared byte by byte: they are made by programs, and a language's collation costs time on each insert.
CREATE TABLE command (
  scope text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  fingerprint text NOT NULL,
  status smallint NOT NULL,
  -- Text, not jsonb: the same bytes must come back.
  body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (scope, key)
);
ALTER TABLE command ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE INDEX command_created ON command USING brin (created_at) WITH (pages_per_range = 32, autosummarize = on);

-- Who was refused a reversal for lack of funds: a second person may then force it.
CREATE TABLE refused_reversal (
  journal_id uuid NOT NULL,
  actor text NOT NULL,
  reason text NOT NULL,
  refused_at timestamptz NOT NULL,
  PRIMARY KEY (journal_id, actor)
);

-- Up to which posting the books were proven.
CREATE TABLE reconciliation_checkpoint (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  posting_id bigint NOT NULL
);
INSERT INTO reconciliation_checkpoint (posting_id) VALUES (0);

-- The highest posting id below which no posting can appear any more. Ids are drawn before they commit, so a SHARE lock
-- waits, for at most 500 ms, until every batch under way has ended. The runtime role may not lock a table it can not
-- change, so it borrows the owner's right for this one thing. The lock ends with the calling transaction.
CREATE FUNCTION freeze_posting_id() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp SET lock_timeout = '500ms' AS $$
BEGIN
  LOCK TABLE posting IN SHARE MODE;
  RETURN COALESCE((SELECT max(id) FROM posting), 0);
END $$;
REVOKE EXECUTE ON FUNCTION freeze_posting_id FROM PUBLIC;
GRANT EXECUTE ON FUNCTION freeze_posting_id TO :runtime_role;

-- The runtime role may add to the books and never change them.
GRANT SELECT, INSERT ON journal, posting TO :runtime_role;
GRANT SELECT, INSERT, UPDATE ON account, hold, system_account, refused_reversal TO :runtime_role;
GRANT SELECT, INSERT, DELETE ON command TO :runtime_role;
GRANT SELECT, UPDATE ON reconciliation_checkpoint TO :runtime_role;

-- Accounts are updated all day and never grow: vacuum them early and often, and scan small ones seldom.
ALTER TABLE account SET (autovacuum_vacuum_scale_factor = 0.2, autovacuum_analyze_scale_factor = 0.5);
