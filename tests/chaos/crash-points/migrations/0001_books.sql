-- The books of one side of a transfer. No line is unique, so that what is done twice can be seen.
CREATE TABLE account (
  name text PRIMARY KEY,
  posted bigint NOT NULL,
  held bigint NOT NULL DEFAULT 0
);
INSERT INTO account (name, posted) VALUES ('customer', 1000000), ('clearing', 0), ('rest', -1000000);
CREATE TABLE line (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transfer uuid NOT NULL,
  what text NOT NULL
);
-- What a choreography knows of a transfer at the payer's side.
CREATE TABLE begun (
  transfer uuid PRIMARY KEY,
  status text NOT NULL
);
GRANT SELECT, UPDATE ON account TO :runtime_role;
GRANT SELECT, INSERT ON line TO :runtime_role;
GRANT SELECT, INSERT, UPDATE ON begun TO :runtime_role;
