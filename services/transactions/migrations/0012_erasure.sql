-- Whose order it was is erased: the texts they gave it are emptied once it is over. Nothing else about its terms changes, ever.
CREATE FUNCTION refuse_to_reword() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'the texts of a standing order are only emptied, and only when it is over'
    USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'standing_order_texts';
END $$;
CREATE TRIGGER standing_order_texts BEFORE UPDATE OF payee_name, reference ON standing_order
  FOR EACH ROW WHEN (NEW.payee_name <> '' OR NEW.reference <> '' OR NEW.over_at IS NULL)
  EXECUTE FUNCTION refuse_to_reword();
GRANT UPDATE (payee_name, reference) ON standing_order TO :runtime_role;
CREATE INDEX account_owners ON account USING gin (owners) WITH (fastupdate = off);
