import { Alert, Text } from '@mantine/core';
import { ShieldAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** What to think of before one pays somebody for the first time. */
export function ScamWarning() {
  const { t } = useTranslation('payment');
  return (
    <Alert color="yellow" variant="outline" role="note" icon={<ShieldAlert aria-hidden />} title={t('scam.title')}>
      <Text size="sm">{t('scam.text')}</Text>
    </Alert>
  );
}
