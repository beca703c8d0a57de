-- Whom customers keep to pay again. An IBAN is never given to another account, so it says which one is meant.
CREATE TABLE payee (
  id uuid PRIMARY KEY,
  owner text NOT NULL,
  name text NOT NULL,
  iban text NOT NULL,
  name_check text NOT NULL CHECK (name_check IN ('match', 'close-match', 'no-match', 'not-possible')),
  created_at timestamptz NOT NULL,
  last_paid_at timestamptz,
  CONSTRAINT payee_once UNIQUE (owner, iban)
);
GRANT SELECT, INSERT, DELETE, UPDATE (name, last_paid_at) ON payee TO :runtime_role;
