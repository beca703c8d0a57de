-- After a refusal the state that stays in force is stated again under the next control version, so that a late copy of
-- the refused instruction finds a newer one and changes nothing.
ALTER TABLE control_intent DROP CONSTRAINT control_intent_action_check;
ALTER TABLE control_intent ADD CONSTRAINT control_intent_action_check
  CHECK (action IN ('open', 'freeze', 'unfreeze', 'close', 'set-daily-limit', 'fence'));
