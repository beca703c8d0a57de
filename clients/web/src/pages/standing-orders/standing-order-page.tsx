import { ApiProblem, type StandingOrder } from '@florin/sdk';
import { Paper, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { standingOrderQuery } from '../../api/payment-queries.ts';
import { accountsQuery } from '../../api/queries.ts';
import { formatDate } from '../../format/dates.ts';
import { formatIban } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { BackLink } from '../../parts/back-link.tsx';
import { Card } from '../../parts/card.tsx';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { Page } from '../../parts/page.tsx';
import { useBank } from '../../session/use-bank.ts';
import { OrderActions } from './order-actions.tsx';
import { OrderExecutions } from './order-executions.tsx';
import { OrderStatus, useOrderRemark } from './order-status.tsx';

/** One standing order: what it pays, what can be done about it, what became of each of its dates. */
export function StandingOrderPage() {
  const { t } = useTranslation('standingOrders');
  const { orderId } = useParams({ from: '/customer/standing-orders/$orderId' });
  const order = useQuery(standingOrderQuery(useBank(), orderId));
  const name = order.data?.payeeName;
  const isMissing = order.data === undefined && isNotThere(order.error);
  return (
    <Stack gap="xs">
      <BackLink to="/standing-orders">{t('detail.toList')}</BackLink>
      <Page title={name === undefined ? t('detail.title') : t('detail.titleOf', { name })}>
        {isMissing ? (
          <Paper className="card">
            <Nothing title={t('detail.notFound')} text={t('detail.notFoundText')} />
          </Paper>
        ) : (
          <DataRegion query={order} skeleton={<OrderSkeleton />}>
            {(data) => <OrderDetail order={data} />}
          </DataRegion>
        )}
      </Page>
    </Stack>
  );
}

/** An address that names nothing, and one that could not name anything. */
function isNotThere(error: unknown): boolean {
  return error instanceof ApiProblem && (error.status === 404 || error.code === 'invalid-request');
}

function OrderDetail({ order }: { readonly order: StandingOrder }) {
  const { t } = useTranslation('standingOrders');
  const remark = useOrderRemark()(order);
  return (
    <Stack gap="lg">
      <Card title={t('detail.what')} action={<OrderStatus status={order.status} />}>
        <Stack>
          <Amount money={order.amount} className="amount large-amount" />
          {remark !== undefined && <Text className="warning-text">{remark}</Text>}
          <OrderFacts order={order} />
        </Stack>
      </Card>
      <OrderActions order={order} />
      <OrderExecutions order={order} />
    </Stack>
  );
}

function OrderFacts({ order }: { readonly order: StandingOrder }) {
  const { t } = useTranslation('standingOrders');
  const locale = useLocale();
  const accounts = useQuery(accountsQuery(useBank()));
  const from = accounts.data?.find(({ id }) => id === order.fromAccountId);
  const { payeeName, toIban, reference, frequency, startDate, endDate, nextDate } = order;
  return (
    <Facts>
      <Fact label={t('detail.to')}>
        <Text fw={600}>{payeeName}</Text>
        <Text size="sm" c="dimmed">
          {formatIban(toIban)}
        </Text>
      </Fact>
      <Fact label={t('detail.from')}>{from?.name ?? t('detail.fromUnknown')}</Fact>
      <Fact label={t('detail.reference')}>{reference === '' ? t('detail.noReference') : reference}</Fact>
      <Fact label={t('detail.how')}>{t(`frequencyChoice.${frequency}`)}</Fact>
      <Fact label={t('detail.nextDate')}>{nextDate === null ? t('detail.over') : formatDate(nextDate, locale)}</Fact>
      <Fact label={t('detail.start')}>{formatDate(startDate, locale)}</Fact>
      <Fact label={t('detail.end')}>{endDate === null ? t('detail.noEnd') : formatDate(endDate, locale)}</Fact>
    </Facts>
  );
}

function OrderSkeleton() {
  return (
    <Stack gap="lg">
      <Skeleton h={320} />
      <Skeleton h={110} />
      <Skeleton h={160} />
    </Stack>
  );
}
