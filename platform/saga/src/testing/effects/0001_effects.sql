-- What the participants of the tests do: places that are taken once and given back once. A second row of the same is an
-- effect that happened twice.
CREATE TABLE effect (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  saga_id uuid NOT NULL,
  branch text NOT NULL,
  op text NOT NULL
);
CREATE TABLE stock (place text PRIMARY KEY, free integer NOT NULL CHECK (free >= 0));
GRANT SELECT, INSERT, DELETE ON effect TO :runtime_role;
GRANT SELECT, INSERT, UPDATE, DELETE ON stock TO :runtime_role;
