import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { MessagePage } from './message-page.tsx';

/** What is shown instead of a page that threw: never a blank one. */
export function BrokenPage() {
  const { t } = useTranslation();
  return (
    <MessagePage
      title={t('brokenTitle')}
      text={t('brokenText')}
      action={<Button onClick={() => window.location.reload()}>{t('reload')}</Button>}
    />
  );
}
