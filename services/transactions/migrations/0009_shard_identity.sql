-- Which shard this database is, of how many: written at the first start, checked at every other.
CREATE TABLE shard_identity (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  shard_index integer NOT NULL CHECK (shard_index >= 0),
  shard_count integer NOT NULL CHECK (shard_count > shard_index)
);
-- A ledger from before there were shards is the only one there is.
INSERT INTO shard_identity (shard_index, shard_count) SELECT 0, 1 WHERE EXISTS (SELECT FROM account);
GRANT SELECT, INSERT ON shard_identity TO :runtime_role;
