import type { Notice } from '@florin/sdk';
import { useTranslation } from 'react-i18next';
import { bankDate } from '../../format/dates.ts';
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
  const { accountId, orderId, amount } = notice.parameters;
  const named = (action: string) => ({
    size: 'sm' as const,
    className: 'notice-link',
    children: action,
    'aria-label': t('openOf', { action, notice: title }),
    onClick: onFollow,
  });
  if (orderId !== undefined) {
    return <LinkAnchor to="/standing-orders/$orderId" params={{ orderId }} {...named(t('openOrder'))} />;
  }
  if (notice.kind === 'money-received' && amount !== undefined) {
    const day = bankDate(new Date(notice.createdAt));
    const search = { from: day, to: day, direction: 'in', minAmount: amount.amount, maxAmount: amount.amount } as const;
    return (
      <LinkAnchor to="/accounts/$accountId" params={{ accountId }} search={search} {...named(t('openTransfer'))} />
    );
  }
  return <LinkAnchor to="/accounts/$accountId" params={{ accountId }} {...named(t('openAccount'))} />;
}
