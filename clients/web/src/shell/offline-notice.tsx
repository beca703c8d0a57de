import { Alert } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { WifiOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** Says that nothing on the page can be new while there is no connection. */
export function OfflineNotice() {
  const { t } = useTranslation();
  const { online } = useNetwork();
  return (
    <div role="status">
      {!online && (
        <Alert color="yellow" variant="outline" mb="md" icon={<WifiOff aria-hidden />}>
          {t('offline')}
        </Alert>
      )}
    </div>
  );
}
