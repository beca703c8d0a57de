import '@mantine/charts/styles.css';
import type { Money } from '@florin/sdk';
import { AreaChart } from '@mantine/charts';
import { ScrollArea, Table, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatDate } from '../../format/dates.ts';
import { formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';

interface Day {
  readonly date: string;
  readonly posted: Money;
}

/** Room for a label such as "€12.5K". */
const AXIS_WIDTH = 64;

/** The curve, and the same numbers as a table for whoever reads rather than looks. */
export function BalanceChart({ days, height }: { readonly days: readonly Day[]; readonly height: number }) {
  const { t } = useTranslation('overview');
  const locale = useLocale();
  const currency = days[0]?.posted.currency ?? 'EUR';
  const compact = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    notation: 'compact',
    maximumFractionDigits: 1,
  });
  const short = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  // A pixel is far coarser than a double; the table below shows the exact amounts.
  const points = days.map(({ date, posted }) => ({ date, balance: Number(posted.amount), posted }));
  return (
    <figure className="chart">
      <VisuallyHidden component="figcaption">{t('balanceChart')}</VisuallyHidden>
      <div aria-hidden>
        <AreaChart
          h={height}
          data={points}
          dataKey="date"
          series={[{ name: 'balance', label: t('posted'), color: 'forest.6' }]}
          curveType="stepAfter"
          withDots={false}
          // Hidden from who does not see it, so nothing in it may take the focus; the table below says the same.
          areaChartProps={{ accessibilityLayer: false }}
          strokeWidth={2}
          yAxisProps={{ width: AXIS_WIDTH, tickFormatter: (value: number) => compact.format(value) }}
          xAxisProps={{
            tickFormatter: (date: string) => short.format(new Date(`${date}T00:00:00Z`)),
            minTickGap: 40,
          }}
          valueFormatter={(value) => formatMoney({ amount: String(value), currency }, locale)}
        />
      </div>
      <details>
        <summary>{t('balanceTable')}</summary>
        <ScrollArea h={height} tabIndex={0} role="region" aria-label={t('balanceChart')}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('date')}</Table.Th>
                <Table.Th ta="right">{t('posted')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {days.toReversed().map(({ date, posted }) => (
                <Table.Tr key={date}>
                  <Table.Td>{formatDate(date, locale)}</Table.Td>
                  <Table.Td ta="right">
                    <Amount money={posted} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      </details>
    </figure>
  );
}
