-- The bank's own time: the system's plus an offset that only moves forward once something is booked.
CREATE TABLE business_clock (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  offset_ms bigint NOT NULL,
  version bigint NOT NULL
);
INSERT INTO business_clock (offset_ms, version) VALUES (0, 1);
GRANT SELECT, UPDATE ON business_clock TO :runtime_role;
