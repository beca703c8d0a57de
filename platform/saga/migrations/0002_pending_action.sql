-- What one member of staff wants done about a saga, until a second one says yes or no.
CREATE TABLE pending_action (
  id uuid PRIMARY KEY,
  saga_id uuid NOT NULL,
  action text NOT NULL CHECK (action IN ('retry', 'resolve')),
  reason text NOT NULL CHECK (reason <> ''),
  evidence text,
  maker text NOT NULL,
  made_at timestamptz NOT NULL DEFAULT now(),
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'approved', 'rejected')),
  checker text,
  decided_at timestamptz,
  -- Four eyes, whatever the code does.
  CONSTRAINT pending_action_second_person CHECK (checker <> maker),
  CHECK ((status = 'pending') = (checker IS NULL)),
  CHECK ((checker IS NULL) = (decided_at IS NULL))
);
-- One question about a saga at a time.
CREATE UNIQUE INDEX pending_action_open ON pending_action (saga_id) WHERE status = 'pending';
CREATE INDEX pending_action_status ON pending_action (status, id);

GRANT SELECT, INSERT, UPDATE ON pending_action TO :runtime_role;
