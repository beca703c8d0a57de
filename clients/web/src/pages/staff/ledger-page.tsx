import './staff.css';
import { useTranslation } from 'react-i18next';
import { Page } from '../../parts/page.tsx';
import { ProofCard } from './proof-card.tsx';
import { TrialBalanceCards } from './trial-balance-cards.tsx';

/** The books: that they balance, when that was proven, and what is on every account of the bank. */
export function LedgerPage() {
  const { t } = useTranslation('books');
  return (
    <Page title={t('title')} lead={t('lead')}>
      <ProofCard />
      <TrialBalanceCards />
    </Page>
  );
}
