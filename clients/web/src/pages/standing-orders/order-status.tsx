import type { StandingOrder } from '@florin/sdk';
import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { standingOrders } from '../../i18n/en/standing-orders.ts';

/** The state of a standing order, in a word; a running one needs none. */
export function OrderStatus({ status }: Pick<StandingOrder, 'status'>) {
  const { t } = useTranslation('standingOrders');
  return status === 'active' ? null : <Badge style={{ flex: 'none' }}>{t(`status.${status}`)}</Badge>;
}

/** What there is to know about an order that does not simply run: who paused it and why, or that it lacks funds. */
export function useOrderRemark(): (order: StandingOrder) => string | undefined {
  const { t } = useTranslation('standingOrders');
  return ({ status, pausedBecause = 'by-owner', attempts }) => {
    if (status === 'paused') {
      if (pausedBecause === 'by-owner') return t('pausedByOwner');
      const reason = isKnown(pausedBecause) ? pausedBecause : 'other';
      return t('pausedByBank', { reason: t(`pausedBecause.${reason}`) });
    }
    return status === 'active' && attempts > 0 ? t('retrying', { count: attempts }) : undefined;
  };
}

function isKnown(code: string): code is keyof typeof standingOrders.pausedBecause {
  return Object.hasOwn(standingOrders.pausedBecause, code);
}
