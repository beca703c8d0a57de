-- Where in the history of an account a moment is: every line below the version answered was booked before it, every
-- other at it or after. Versions of an account rise in the order of booking, so halving finds it by the primary key in
-- at most 63 steps, and the write path pays for no index on time.
CREATE FUNCTION history_version_at(wanted_account uuid, moment timestamptz) RETURNS bigint
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
  low bigint := 1;
  high bigint;
  middle bigint;
  at record;
BEGIN
  SELECT version + 1 INTO high FROM history WHERE account_id = wanted_account ORDER BY version DESC, line DESC LIMIT 1;
  IF high IS NULL THEN RETURN low; END IF;
  WHILE low < high LOOP
    middle := (low + high) / 2;
    SELECT version, booked_at INTO at FROM history
      WHERE account_id = wanted_account AND version >= middle ORDER BY version, line LIMIT 1;
    IF at.booked_at >= moment THEN high := middle; ELSE low := at.version + 1; END IF;
  END LOOP;
  RETURN low;
END $$;
REVOKE EXECUTE ON FUNCTION history_version_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION history_version_at TO :runtime_role;
