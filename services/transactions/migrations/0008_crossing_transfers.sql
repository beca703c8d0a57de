-- A transfer between two shards has one half in each of their books, under one id. Who the other side is can not be looked
-- up in the books of this shard, so it stands with the half. Null for everything that has both sides here.
ALTER TABLE journal ADD COLUMN other_iban text, ADD COLUMN other_name text;
