import type { Notice } from '@florin/sdk';
import { useTranslation } from 'react-i18next';
import { readSearchText } from '../../api/history-search.ts';
import { LinkAnchor } from '../../parts/links.tsx';

interface NoticeLinkProps {
  readonly notice: Notice;
  readonly title: string;
  /** Who goes to look has read it. */
  readonly onFollow?: () => void;
}

/** The way to what a notice is about. */
export function NoticeLink({ notice, title, onFollow = () => undefined }: NoticeLinkProps) {
  const { t } = useTranslation('notices');
  const { accountId, orderId, amount, reference = '' } = notice.parameters;
  const named = (action: string) => ({
    size: 'sm' as const,
    className: 'notice-link',
    children: action,
    'aria-label': t('openOf', { action, notice: title }),
    onClick: onFollow,
  });
  if (notice.kind === 'security-changed') return <LinkAnchor to="/security" {...named(t('openSecurity'))} />;
  if (orderId !== undefined) {
    return <LinkAnchor to="/standing-orders/$orderId" params={{ orderId }} {...named(t('openOrder'))} />;
  }
  if (accountId === undefined) return null;
  if (notice.kind === 'money-received' && amount !== undefined) {
    const q = readSearchText(reference);
    const exact = { direction: 'in', minAmount: amount.amount, maxAmount: amount.amount } as const;
    const search = q === undefined ? exact : { ...exact, q };
    return <LinkAnchor to="/accounts/$accountId" params={{ accountId }} search={search} {...named(t('findPayment'))} />;
  }
  return <LinkAnchor to="/accounts/$accountId" params={{ accountId }} {...named(t('openAccount'))} />;
}
