-- An account that holds money is closed by a saga (its tables are those of @florin/saga). The key of the request that
-- began one names it; the answer is written when somebody asks after its end.
ALTER TABLE command ADD COLUMN saga_id uuid;
