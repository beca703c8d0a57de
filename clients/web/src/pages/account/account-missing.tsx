import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../parts/links.tsx';
import { Missing } from '../../parts/missing.tsx';

/** Instead of the page of an account that is not there. */
export function AccountMissing() {
  const { t } = useTranslation('account');
  return (
    <Missing
      title={t('missing')}
      text={t('missingText')}
      action={<LinkButton to="/accounts">{t('allAccounts')}</LinkButton>}
    />
  );
}
