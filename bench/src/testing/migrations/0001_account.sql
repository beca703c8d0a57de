-- As much of the ledger's table as looking for locks takes.
CREATE TABLE account (id uuid PRIMARY KEY, version bigint NOT NULL);
GRANT SELECT, INSERT, UPDATE ON account TO :runtime_role;
