import type { Account } from '@florin/sdk';
import { Alert, Text } from '@mantine/core';
import { Archive, Clock, Snowflake } from 'lucide-react';
import { useTranslation } from 'react-i18next';

const WORDS = {
  opening: { icon: Clock, title: 'openingTitle', text: 'openingText' },
  frozen: { icon: Snowflake, title: 'frozenTitle', text: 'frozenStatusText' },
  closing: { icon: Clock, title: 'closingTitle', text: 'closingText' },
  closed: { icon: Archive, title: 'closedTitle', text: 'closedText' },
} as const;

/** What a state other than the usual one means for the customer. */
export function StatusNotice({ status }: { readonly status: Account['status'] }) {
  const { t } = useTranslation('account');
  if (status === 'active') return null;
  const { icon: Icon, title, text } = WORDS[status];
  return (
    <Alert color="yellow" variant="outline" role="status" icon={<Icon aria-hidden />} title={t(title)}>
      <Text size="sm">{t(text)}</Text>
    </Alert>
  );
}
