-- Readers that came later than these accounts learn whose they are from their status, said once more.
INSERT INTO outbox (events)
SELECT json_agg(json_build_object(
    'specversion', '1.0',
    'id', id || ':' || control_version || ':restated',
    'source', 'accounts',
    'type', 'accounts.account-status-changed.v1',
    'subject', id,
    'time', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'datacontenttype', 'application/json',
    'data', json_build_object(
      'accountId', id,
      'status', status,
      'owners', ARRAY(SELECT customer_id FROM account_owner WHERE account_id = id ORDER BY customer_id),
      'changedAt', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'restated', true)) ORDER BY id)::text
FROM (SELECT id, status, control_version, row_number() OVER (ORDER BY id) / 200 AS part
      FROM account WHERE status <> 'opening') AS known
GROUP BY part ORDER BY part;
