-- The same as in 0008, without a record to fill at each step: a quarter quicker over a year of many lines.
CREATE OR REPLACE FUNCTION history_closings(wanted_account uuid, first_day date, last_day date)
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
  found_version bigint;
  found_at timestamptz;
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
      SELECT version, booked_at INTO found_version, found_at FROM history
        WHERE account_id = wanted_account AND version >= high ORDER BY version, line LIMIT 1;
      EXIT WHEN found_at >= day_end;
      low := found_version + 1;
      stride := stride * 2;
      high := low + stride;
    END LOOP;
    high := least(high, newest + 1);
    WHILE low < high LOOP
      middle := (low + high) / 2;
      SELECT version, booked_at INTO found_version, found_at FROM history
        WHERE account_id = wanted_account AND version >= middle ORDER BY version, line LIMIT 1;
      IF found_at >= day_end THEN high := middle; ELSE low := found_version + 1; END IF;
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
