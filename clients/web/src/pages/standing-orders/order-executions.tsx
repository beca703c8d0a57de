import type { Execution, StandingOrder } from '@florin/sdk';
import { Button, Skeleton, Stack, Table, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { HistorySearch } from '../../api/history-search.ts';
import { executionsQuery } from '../../api/payment-queries.ts';
import { bankDate, formatDate } from '../../format/dates.ts';
import { standingOrders } from '../../i18n/en/standing-orders.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Card } from '../../parts/card.tsx';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { LinkAnchor } from '../../parts/links.tsx';
import { useBank } from '../../session/use-bank.ts';

/** What became of each date, newest first. */
export function OrderExecutions({ order }: { readonly order: StandingOrder }) {
  const { t } = useTranslation(['standingOrders', 'shell']);
  const executions = useInfiniteQuery(executionsQuery(useBank(), order.id));
  return (
    <Card title={t('detail.executions')}>
      <DataRegion
        query={executions}
        skeleton={<Skeleton h={120} />}
        isEmpty={({ pages }) => pages.every(({ data }) => data.length === 0)}
        empty={<Nothing title={t('detail.noExecutions')} text={t('detail.noExecutionsText')} />}
      >
        {({ pages }) => (
          <Stack align="flex-start">
            <ExecutionTable executions={pages.flatMap(({ data }) => data)} order={order} />
            {executions.hasNextPage && (
              <Button
                variant="default"
                loading={executions.isFetchingNextPage}
                onClick={() => void executions.fetchNextPage()}
              >
                {t('shell:showMore')}
              </Button>
            )}
          </Stack>
        )}
      </DataRegion>
    </Card>
  );
}

function ExecutionTable({
  executions,
  order,
}: {
  readonly executions: readonly Execution[];
  readonly order: StandingOrder;
}) {
  const { t } = useTranslation('standingOrders');
  return (
    <Table.ScrollContainer
      minWidth={240}
      w="100%"
      scrollAreaProps={{ tabIndex: 0, 'aria-label': t('detail.tableLabel') }}
    >
      <Table aria-label={t('detail.tableLabel')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('detail.dueDate')}</Table.Th>
            <Table.Th>{t('detail.outcomeColumn')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {executions.map((execution) => (
            <ExecutionRow key={`${execution.dueDate} ${execution.attempt}`} execution={execution} order={order} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function ExecutionRow({ execution, order }: { readonly execution: Execution; readonly order: StandingOrder }) {
  const { t } = useTranslation('standingOrders');
  const locale = useLocale();
  const { dueDate, outcome, transferId, problemCode, at } = execution;
  const day = formatDate(dueDate, locale);
  return (
    <Table.Tr>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{day}</Table.Td>
      <Table.Td>
        <Text size="sm" className={outcome === 'completed' || outcome === 'skipped' ? undefined : 'warning-text'}>
          {t(`outcome.${outcome}`)}
          {problemCode !== undefined && `: ${t(`because.${isExplained(problemCode) ? problemCode : 'other'}`)}`}
        </Text>
        {transferId !== undefined && (
          <LinkAnchor
            to="/accounts/$accountId"
            params={{ accountId: order.fromAccountId }}
            search={searchFor(order, at)}
            size="sm"
            aria-label={t('detail.transactionOf', { day })}
          >
            {t('detail.transaction')}
          </LinkAnchor>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** What finds the payment in the account: the day it was made, out, this very amount. */
function searchFor({ amount }: StandingOrder, at: string): HistorySearch {
  const day = bankDate(new Date(at));
  return { from: day, to: day, direction: 'out', minAmount: amount.amount, maxAmount: amount.amount };
}

function isExplained(code: string): code is keyof typeof standingOrders.because {
  return Object.hasOwn(standingOrders.because, code);
}
