-- What the sealed columns of this database are sealed with, each locked by a key that is not here.
CREATE TABLE data_key (
  -- Stands at the front of every value that it seals; 0 stands for the own key of a row's customer.
  id integer PRIMARY KEY CHECK (id >= 1),
  -- Which key-encryption key locks it.
  kek_id text NOT NULL,
  wrapped bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- The newest whose time has come seals. Until then every instance has learnt it, and can open what the others seal.
  seals_from timestamptz NOT NULL,
  -- How many values it sealed, counted every few seconds. Random IVs bear 2^32; at half of that the next is made.
  uses bigint NOT NULL DEFAULT 0 CHECK (uses >= 0),
  -- Somebody wants the next one.
  next_wanted_at timestamptz,
  -- How many values other keys sealed and this one will, when they were last counted; up to a bound.
  values_left bigint CHECK (values_left >= 0),
  -- When nothing in this database was sealed with it any more. It still opens: a backup may need it.
  retired_at timestamptz
);

-- A key for each customer, sealed with a data key. What is sealed with it is gone for good when it is, in every copy of
-- this database that is made from then on.
CREATE TABLE customer_key (
  customer_id text PRIMARY KEY,
  key_sealed bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- The row stays, so that nothing that comes late makes another key for somebody who was erased.
  erased_at timestamptz,
  CHECK ((key_sealed IS NULL) = (erased_at IS NOT NULL))
);
CREATE INDEX customer_key_sealed_with ON customer_key (substring(key_sealed FROM 1 FOR 5));

GRANT SELECT, INSERT, UPDATE ON data_key, customer_key TO :runtime_role;
