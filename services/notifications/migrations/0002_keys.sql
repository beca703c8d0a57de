-- What a notice says is personal: names, references, amounts. It is sealed with its owner's own key. What was written before
-- lies in the clear until the service, which alone has the keys, has sealed it.
ALTER TABLE notice ALTER COLUMN parameters DROP NOT NULL;
ALTER TABLE notice ADD COLUMN parameters_sealed bytea;
ALTER TABLE notice ADD CONSTRAINT notice_parameters CHECK ((parameters IS NULL) <> (parameters_sealed IS NULL));
CREATE INDEX notice_in_the_clear ON notice (id) WHERE parameters IS NOT NULL;
CREATE INDEX notice_sealed_with ON notice (substring(parameters_sealed FROM 1 FOR 5)) WHERE parameters_sealed IS NOT NULL;

-- Whose money waits is not known yet, so what it says is sealed with the service's key.
ALTER TABLE waiting_transfer ALTER COLUMN reference DROP NOT NULL;
ALTER TABLE waiting_transfer ADD COLUMN reference_sealed bytea;
ALTER TABLE waiting_transfer ADD CONSTRAINT waiting_transfer_reference
  CHECK ((reference IS NULL) <> (reference_sealed IS NULL));
CREATE INDEX waiting_transfer_sealed_with ON waiting_transfer (substring(reference_sealed FROM 1 FOR 5))
  WHERE reference_sealed IS NOT NULL;
