-- What is asked about a saga is about one attention of it, and passes with that. 0: asked before questions said so, and
-- passed therefore.
ALTER TABLE pending_action ADD COLUMN attention_seq integer NOT NULL DEFAULT 0 CHECK (attention_seq >= 0);

-- Those that need somebody now: by the event that says so.
UPDATE saga SET state = jsonb_set(state, '{attentionSeq}', to_jsonb(
  (SELECT max(seq) FROM saga_event WHERE saga_id = saga.id AND kind = 'attention')))
WHERE status = 'needs_attention';

-- Few among many that are completed.
CREATE INDEX saga_compensated ON saga (id) WHERE status = 'compensated';
