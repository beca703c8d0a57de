import { systemClock, utcDate } from '@florin/primitives';
import type { StandingOrder } from '@florin/sdk';
import { Alert, Group, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { CalendarPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { standingOrdersQuery } from '../../api/payment-queries.ts';
import { Amount } from '../../parts/amount.tsx';
import { Card } from '../../parts/card.tsx';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { LinkButton } from '../../parts/links.tsx';
import { Page } from '../../parts/page.tsx';
import { hasOpenIntent } from '../../payment/use-intent.ts';
import { useBank, useUser } from '../../session/use-bank.ts';
import { CreateOrder, ORDER_INTENT } from './create-order.tsx';
import { sumDue } from './due-soon.ts';
import { OrderRow } from './order-row.tsx';

const SKELETONS = ['one', 'two', 'three'];

/** What the bank pays again and again: all of it, or a new one. */
export function StandingOrdersPage() {
  const { create } = useSearch({ from: '/customer/standing-orders' });
  const user = useUser();
  return create === true ? <CreateOrder key={user.id} /> : <OrdersPage />;
}

function OrdersPage() {
  const { t } = useTranslation(['standingOrders', 'shell']);
  const userId = useUser().id;
  const orders = useQuery(standingOrdersQuery(useBank()));
  const [isOpen] = useState(() => hasOpenIntent(ORDER_INTENT, userId));
  return (
    <Page
      title={t('shell:standingOrders')}
      lead={t('lead')}
      action={
        <LinkButton
          to="/standing-orders"
          search={{ create: true }}
          leftSection={<CalendarPlus size={18} aria-hidden />}
        >
          {t('create')}
        </LinkButton>
      }
    >
      {isOpen && <StillOpen />}
      <DataRegion
        query={orders}
        skeleton={<OrdersSkeleton />}
        isEmpty={(data) => data.length === 0}
        empty={
          <Paper className="card">
            <Nothing title={t('none')} text={t('noneText')} />
          </Paper>
        }
      >
        {(data) => <Orders orders={data} />}
      </DataRegion>
    </Page>
  );
}

/** One that was confirmed has no answer yet: before another is made, it is better asked about. */
function StillOpen() {
  const { t } = useTranslation('standingOrders');
  return (
    <Alert color="yellow" variant="outline" role="note">
      <Group>
        <Text size="sm">{t('stillOpen')}</Text>
        <LinkButton to="/standing-orders" search={{ create: true }} variant="default">
          {t('toOpen')}
        </LinkButton>
      </Group>
    </Alert>
  );
}

function Orders({ orders }: { readonly orders: readonly StandingOrder[] }) {
  const { t } = useTranslation('standingOrders');
  const isOver = ({ status }: StandingOrder): boolean => status === 'ended' || status === 'cancelled';
  const running = orders.filter((order) => !isOver(order));
  const over = orders.filter(isOver);
  return (
    <Stack gap="lg">
      <DueSoon orders={running} />
      {running.length > 0 && <OrderList title={t('running')} orders={running} />}
      {over.length > 0 && <OrderList title={t('over')} orders={over} />}
    </Stack>
  );
}

/** What will leave the accounts soon, so that there is enough on them. */
function DueSoon({ orders }: { readonly orders: readonly StandingOrder[] }) {
  const { t } = useTranslation('standingOrders');
  const [today] = useState(() => utcDate(systemClock()));
  const sums = sumDue(orders, today);
  return (
    <Card title={t('due')}>
      <Group gap="xl">
        {sums.length === 0 && <Text c="dimmed">{t('dueNone')}</Text>}
        {sums.map((money) => (
          <Amount key={money.currency} money={money} className="amount due-amount" />
        ))}
      </Group>
    </Card>
  );
}

function OrderList({ title, orders }: { readonly title: string; readonly orders: readonly StandingOrder[] }) {
  return (
    <Card title={title}>
      <ul className="plain-list">
        {orders.map((order) => (
          <li key={order.id}>
            <OrderRow order={order} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function OrdersSkeleton() {
  return (
    <Stack gap="lg">
      <Skeleton h={110} />
      {SKELETONS.map((name) => (
        <Skeleton key={name} h={64} />
      ))}
    </Stack>
  );
}
