-- Accounts open by the business clock now. Those from before say when their row was made, by the machine's clock; where
-- the bank had booked something earlier than that, the first booking is the better answer.
UPDATE account SET opened_at = first.booked_at
FROM account AS known
CROSS JOIN LATERAL (
  SELECT booked_at FROM history WHERE account_id = known.id ORDER BY version, line LIMIT 1
) AS first
WHERE account.id = known.id AND first.booked_at < account.opened_at;
