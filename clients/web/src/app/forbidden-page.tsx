import { useTranslation } from 'react-i18next';
import { MessagePage } from './message-page.tsx';

/** A part of the bank that this person's role does not include. */
export function ForbiddenPage() {
  const { t } = useTranslation();
  return <MessagePage title={t('forbiddenTitle')} text={t('forbiddenText')} />;
}
