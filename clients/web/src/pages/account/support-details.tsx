import type { Posting } from '@florin/sdk';
import { Code, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';

/** The numbers by which our staff find a movement; nobody else needs to look at them. */
export function SupportDetails({ posting }: { readonly posting: Posting }) {
  const { t } = useTranslation('transaction');
  const numbers = [
    { what: t('transactionId'), value: posting.id },
    { what: t('journalId'), value: posting.journalId },
    ...(posting.transferId === undefined ? [] : [{ what: t('transferId'), value: posting.transferId }]),
  ];
  return (
    <details className="support">
      <summary>{t('support')}</summary>
      <Text size="sm" c="dimmed" mb="sm">
        {t('supportText')}
      </Text>
      <Facts isLong>
        {numbers.map(({ what, value }) => (
          <Fact key={what} label={what}>
            <Group gap={4} wrap="nowrap">
              <Code>{value}</Code>
              <CopyButton value={value} label={t('copyOf', { what })} />
            </Group>
          </Fact>
        ))}
      </Facts>
    </details>
  );
}
