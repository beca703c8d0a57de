import { Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** The name of the bank, which leads to the start. */
export function Logo() {
  const { t } = useTranslation();
  return (
    <Link to="/" className="quiet-link" aria-label={t('bank')}>
      <Group gap="xs" wrap="nowrap">
        <img src="/favicon.svg" alt="" width={32} height={32} />
        <Text fw={700} size="lg">
          {t('bank')}
        </Text>
      </Group>
    </Link>
  );
}
