import './staff.css';
import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { LETTER_SERVICES } from '../../api/saga-services.ts';
import { Page } from '../../parts/page.tsx';
import { DeadLetters } from './dead-letters.tsx';

/** Events that could not be taken, by who could not take them, and the way to have them handled again. */
export function DeadLettersPage() {
  const { t } = useTranslation('operations');
  return (
    <Page title={t('deadLetters')} lead={t('deadLettersLead')}>
      <Stack gap="lg">
        {LETTER_SERVICES.map((service) => (
          <DeadLetters key={service} service={service} />
        ))}
      </Stack>
    </Page>
  );
}
