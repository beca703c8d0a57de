-- Which transfers between two shards are being taken back, or were, and by which saga; in the books of the payer. Each
-- by one: whatever races, two sagas can not have the same transfer. A saga that is refused gives its claim up.
CREATE TABLE reversal_claim (
  journal_id uuid PRIMARY KEY,
  saga_id uuid NOT NULL
);
GRANT SELECT, INSERT, DELETE ON reversal_claim TO :runtime_role;
