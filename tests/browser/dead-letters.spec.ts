import { randomUUID } from 'node:crypto';
import { expect, test } from './bank.ts';
import { harm } from './harm.ts';
import { expectAccessible, settled } from './page-checks.ts';

const TOPIC = 'transactions.transfer-completed.v1';

/** A transfer between two accounts that nobody has, whose amount can not be read until it is mended. */
function unreadable(key: string): string {
  const data = {
    transferId: randomUUID(),
    fromAccountId: randomUUID(),
    toAccountId: randomUUID(),
    amountMinor: 'plenty',
    currency: 'EUR',
    reference: 'Lunch',
    completedAt: '2026-06-01T10:00:00.000Z',
  };
  return JSON.stringify({
    specversion: '1.0',
    id: key,
    source: 'test',
    type: TOPIC,
    subject: key,
    time: data.completedAt,
    datacontenttype: 'application/json',
    data,
  });
}

test('what a service could not take is handled again when it is mended, and the others are left alone', async ({
  openAs,
}) => {
  const key = randomUUID();
  await harm('notifications', 'INSERT INTO parked_key VALUES ($1, $2, $3)', 'notifications.news', TOPIC, key);
  await harm(
    'notifications',
    `INSERT INTO dead_letter (consumer_group, topic, key, event_id, event, reason)
     VALUES ('notifications.news', $1, $2, $2, $3, 'the amount can not be read')`,
    TOPIC,
    key,
    unreadable(key),
  );
  const page = await openAs('sam', '/staff/dead-letters');
  await settled(page);
  const notices = page.getByRole('region', { name: 'Notices', exact: true });
  await expect(notices.getByRole('row').filter({ hasText: 'Money was transferred' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Handle them again/ })).toHaveCount(1);
  await expectAccessible(page);

  const again = notices.getByRole('button', { name: 'Handle them again: Notices' });
  await again.click();
  await expect(notices.getByText('One key still waits: its next event failed again.')).toBeVisible();
  await harm('notifications', `UPDATE dead_letter SET event = replace(event, '"plenty"', '"100"') WHERE key = $1`, key);
  await again.click();
  await expect(notices.getByText('1 event was taken.')).toBeVisible();
  await expect(notices.getByText('Nothing is stuck')).toBeVisible();
});
