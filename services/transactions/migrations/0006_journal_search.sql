-- Where in the order of their ids the journals of a moment start: every journal with an id below the one answered was
-- booked before it. Ids begin with the time they were made, and what is asked for earlier is booked earlier, but for the
-- moments it waits for its batch. So halving finds the place by the primary key in at most 48 steps, and the write path
-- pays for no index on time.
CREATE FUNCTION journal_id_at(moment timestamptz) RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
  low bigint := 0;
  high bigint;
  middle bigint;
  at record;
BEGIN
  SELECT uuid_ms(id) + 1 INTO high FROM journal ORDER BY id DESC LIMIT 1;
  WHILE low < high LOOP
    middle := (low + high) / 2;
    SELECT uuid_ms(id) AS ms, booked_at INTO at FROM journal WHERE id >= uuid_from_ms(middle) ORDER BY id LIMIT 1;
    IF at IS NULL OR at.booked_at >= moment THEN high := middle; ELSE low := at.ms + 1; END IF;
  END LOOP;
  RETURN uuid_from_ms(low);
END $$;

-- The first 48 bits of a UUID of version 7 are milliseconds (RFC 9562 section 5.7).
CREATE FUNCTION uuid_ms(id uuid) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN ('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint;
CREATE FUNCTION uuid_from_ms(ms bigint) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN rpad(lpad(to_hex(ms), 12, '0'), 32, '0')::uuid;

REVOKE EXECUTE ON FUNCTION journal_id_at, uuid_ms, uuid_from_ms FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journal_id_at, uuid_ms, uuid_from_ms TO :runtime_role;
