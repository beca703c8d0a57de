-- Who was erased. No account is opened for them any more, whatever comes late; under the lock that counts accounts.
CREATE TABLE erased_owner (
  customer_id text PRIMARY KEY,
  erased_at   timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON erased_owner TO :runtime_role;
