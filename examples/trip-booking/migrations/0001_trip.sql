-- What a company has: seats, rooms, cars, or the cents on a traveller's card.
CREATE TABLE stock (what text PRIMARY KEY, free bigint NOT NULL CHECK (free >= 0));

-- Who took how much of it. A trip books once with each company, so a second booking of the same trip is an error.
CREATE TABLE booking (
  trip_id uuid PRIMARY KEY,
  what text NOT NULL,
  quantity bigint NOT NULL,
  is_cancelled boolean NOT NULL DEFAULT false
);
GRANT SELECT, INSERT, UPDATE ON stock, booking TO :runtime_role;
