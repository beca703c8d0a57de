-- Which operation, sign-in and network an instruction came from: its audit record is written when its outcome is known, which
-- may be in another request. Null for what the bank does by itself, and for instructions from before.
ALTER TABLE control_intent ADD COLUMN origin jsonb;
