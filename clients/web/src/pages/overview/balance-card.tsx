import type { Account } from '@florin/sdk';
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { balanceHistoryQuery } from '../../api/queries.ts';
import { Card } from '../../parts/card.tsx';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { useBank } from '../../session/use-bank.ts';

/** The library of charts is as large as the rest of the page, so it comes after it. */
const BalanceChart = lazy(async () => ({ default: (await import('./balance-chart.tsx')).BalanceChart }));

const CHART_HEIGHT = 240;

/** How the balance of an account went, day by day. */
export function BalanceCard({ account }: { readonly account: Account }) {
  const { t } = useTranslation('overview');
  const history = useQuery(balanceHistoryQuery(useBank(), account.id));
  const skeleton = <Skeleton h={CHART_HEIGHT} />;
  return (
    <Card title={t('balance', { account: account.name })}>
      <DataRegion
        query={history}
        skeleton={skeleton}
        isEmpty={(data) => data.length < 2}
        empty={<Nothing title={t('noBalance')} text={t('noBalanceText')} />}
      >
        {(data) => (
          <Suspense fallback={skeleton}>
            <BalanceChart days={data} height={CHART_HEIGHT} />
          </Suspense>
        )}
      </DataRegion>
    </Card>
  );
}
