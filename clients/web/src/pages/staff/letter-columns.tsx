import type { DeadLetter } from '@florin/sdk';
import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { LinkAnchor } from '../../parts/links.tsx';
import { useHasRole } from '../../session/use-bank.ts';

/** What we have words for; anything else is shown as the bank names it. */
const TOPICS = {
  'transactions.account-changed.v1': 'accountChanged',
  'transactions.transfer-completed.v1': 'transferCompleted',
  'transactions.transfer-reversed.v1': 'transferReversed',
  'transactions.standing-order-executed.v1': 'orderExecuted',
  'users.user-registered.v1': 'userRegistered',
  'users.sessions-revoked.v1': 'sessionsRevoked',
  'accounts.account-status-changed.v1': 'accountStatusChanged',
  'notifications.notice-created.v1': 'noticeCreated',
} as const;
const GROUPS = { 'accounts.read-model': 'readModel' } as const;

function isIn<Words extends object>(words: Words, name: string): name is keyof Words & string {
  return Object.hasOwn(words, name);
}

/** What is said of an event that could not be taken. */
export function useLetterColumns(): readonly Column<DeadLetter>[] {
  const { t } = useTranslation('operations');
  const locale = useLocale();
  return [
    {
      id: 'topic',
      head: t('topic'),
      isName: true,
      cell: ({ topic, group, eventId }) => (
        <div className="two-lines">
          <Group gap={4} wrap="nowrap">
            {isIn(TOPICS, topic) ? t(`topicName.${TOPICS[topic]}`) : topic}
            <CopyButton value={eventId} label={t('copyEvent')} />
          </Group>
          <Text size="xs" c="dimmed" fw={400}>
            {isIn(GROUPS, group) ? t(`groupName.${GROUPS[group]}`) : group}
          </Text>
        </div>
      ),
    },
    { id: 'key', head: t('key'), cell: (letter) => <About letter={letter} /> },
    { id: 'reason', head: t('reason'), cell: ({ reason }) => <Text size="sm">{reason}</Text> },
    { id: 'attempts', head: t('attempts'), align: 'right', cell: ({ attempts }) => attempts },
    {
      id: 'since',
      head: t('failedAt'),
      cell: ({ failedAt }) => (
        <Text size="sm" className="nowrap">
          {formatMoment(failedAt, locale)}
        </Text>
      ),
    },
  ];
}

/** What the event is about: an account, for those who may look at one; its key to copy for everybody. */
function About({ letter: { topic, key } }: { readonly letter: DeadLetter }) {
  const { t } = useTranslation('operations');
  const seesAccounts = useHasRole('teller', 'supervisor', 'auditor');
  const isAccount = topic === 'transactions.account-changed.v1' || topic === 'accounts.account-status-changed.v1';
  return (
    <Group gap={4} wrap="nowrap">
      {isAccount && seesAccounts ? (
        <LinkAnchor to="/staff/accounts/$accountId" params={{ accountId: key }} size="sm">
          {t('openAccount')}
        </LinkAnchor>
      ) : (
        <Text size="sm">…{key.slice(-8)}</Text>
      )}
      <CopyButton value={key} label={t('copyKey')} />
    </Group>
  );
}
