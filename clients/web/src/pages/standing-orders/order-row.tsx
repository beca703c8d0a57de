import type { StandingOrder } from '@florin/sdk';
import { Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatDate } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { OrderStatus, useOrderRemark } from './order-status.tsx';

/** One standing order in a list; the whole row leads to it. */
export function OrderRow({ order }: { readonly order: StandingOrder }) {
  const { t } = useTranslation('standingOrders');
  const locale = useLocale();
  const remark = useOrderRemark()(order);
  const { id, payeeName, amount, frequency, nextDate, reference, status } = order;
  const next = nextDate === null ? undefined : t('next', { day: formatDate(nextDate, locale) });
  return (
    <Link to="/standing-orders/$orderId" params={{ orderId: id }} className="row-link">
      <Group gap="sm" p="xs" align="flex-start" justify="space-between">
        <div style={{ flex: '1 1 13rem', minWidth: 0 }}>
          <Group gap="xs" wrap="nowrap">
            <Text fw={550} truncate>
              {payeeName}
            </Text>
            <OrderStatus status={status} />
          </Group>
          <Text size="sm" c="dimmed">
            {[t(`frequencyChoice.${frequency}`), next].filter(Boolean).join(' · ')}
          </Text>
          {reference !== '' && (
            <Text size="sm" c="dimmed" truncate>
              {reference}
            </Text>
          )}
          {remark !== undefined && (
            <Text size="sm" className="warning-text">
              {remark}
            </Text>
          )}
        </div>
        <Amount money={amount} fw={600} />
      </Group>
    </Link>
  );
}
