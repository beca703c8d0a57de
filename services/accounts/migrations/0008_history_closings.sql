-- What was on an account at the end of each day (UTC) from the first to the last; 0 before its first line. From one day
-- to the next it looks ahead as far as the day before had lines, then twice as far, until it is past the day's end,
-- and halves what it has narrowed down to: a few steps of the primary key a day, whatever the number of lines.
CREATE FUNCTION history_closings(wanted_account uuid, first_day date, last_day date)
RETURNS TABLE (day date, closing_minor bigint)
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
  newest bigint;
  place bigint;
  stride bigint := 1;
  day_end timestamptz;
  low bigint;
  high bigint;
  middle bigint;
  at record;
BEGIN
  SELECT version INTO newest FROM history WHERE account_id = wanted_account ORDER BY version DESC, line DESC LIMIT 1;
  newest := coalesce(newest, 0);
  -- Every line below `place` is in `closing_minor`.
  place := history_version_at(wanted_account, first_day::timestamp AT TIME ZONE 'UTC');
  SELECT balance_after_minor INTO closing_minor FROM history
    WHERE account_id = wanted_account AND version < place ORDER BY version DESC, line DESC LIMIT 1;
  closing_minor := coalesce(closing_minor, 0);
  day := first_day;
  WHILE day <= last_day LOOP
    day_end := (day + 1)::timestamp AT TIME ZONE 'UTC';
    low := place;
    high := low + stride;
    WHILE high <= newest LOOP
      SELECT version, booked_at INTO at FROM history
        WHERE account_id = wanted_account AND version >= high ORDER BY version, line LIMIT 1;
      EXIT WHEN at.booked_at >= day_end;
      low := at.version + 1;
      stride := stride * 2;
      high := low + stride;
    END LOOP;
    high := least(high, newest + 1);
    WHILE low < high LOOP
      middle := (low + high) / 2;
      SELECT version, booked_at INTO at FROM history
        WHERE account_id = wanted_account AND version >= middle ORDER BY version, line LIMIT 1;
      IF at.booked_at >= day_end THEN high := middle; ELSE low := at.version + 1; END IF;
    END LOOP;
    IF low > place THEN
      SELECT balance_after_minor INTO closing_minor FROM history
        WHERE account_id = wanted_account AND version < low ORDER BY version DESC, line DESC LIMIT 1;
    END IF;
    stride := greatest(low - place, 1);
    place := low;
    RETURN NEXT;
    day := day + 1;
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION history_closings FROM PUBLIC;
GRANT EXECUTE ON FUNCTION history_closings TO :runtime_role;
