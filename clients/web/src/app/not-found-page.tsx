import { useTranslation } from 'react-i18next';
import { MessagePage } from './message-page.tsx';

/** An address that names nothing. */
export function NotFoundPage() {
  const { t } = useTranslation();
  return <MessagePage title={t('notFoundTitle')} text={t('notFoundText')} />;
}
