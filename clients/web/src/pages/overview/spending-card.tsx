import type { Spending } from '@florin/sdk';
import { Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { spendingQuery } from '../../api/queries.ts';
import { formatMonth } from '../../format/dates.ts';
import { formatMoney, signOf } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { Card } from '../../parts/card.tsx';
import { CategoryMark } from '../../parts/category-mark.tsx';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { useBank } from '../../session/use-bank.ts';
import { shareOf } from './share.ts';

const SKELETONS = ['one', 'two', 'three', 'four', 'five', 'six'];

type InCurrency = Spending['currencies'][number];

/** Where the money of the month went, the largest part first. */
export function SpendingCard() {
  const { t } = useTranslation('overview');
  const locale = useLocale();
  const spending = useQuery(spendingQuery(useBank()));
  const month = spending.data?.month;
  return (
    <Card title={t('spending', { month: month === undefined ? '…' : formatMonth(month, locale) })}>
      <DataRegion
        query={spending}
        skeleton={
          <Stack gap="md">
            {SKELETONS.map((name) => (
              <Skeleton key={name} h={40} />
            ))}
          </Stack>
        }
        isEmpty={(data) => !data.currencies.some(hasMoved)}
        empty={<Nothing title={t('noSpending')} text={t('noSpendingText')} />}
      >
        {(data) => (
          <Stack gap="xl">
            {data.currencies.filter(hasMoved).map((one) => (
              <CurrencySpending key={one.currency} spending={one} />
            ))}
          </Stack>
        )}
      </DataRegion>
    </Card>
  );
}

/** A currency in which something happened this month. */
function hasMoved({ spent, received }: InCurrency): boolean {
  return signOf(spent) !== 'none' || signOf(received) !== 'none';
}

/** A category of this month; what was spent on in the month before only has no bar to draw. */
function isSpent({ spent }: InCurrency['categories'][number]): boolean {
  return signOf(spent) === 'in';
}

function CurrencySpending({ spending }: { readonly spending: InCurrency }) {
  const { t } = useTranslation('overview');
  const locale = useLocale();
  return (
    <div>
      <Amount money={spending.spent} fz={26} fw={700} />
      <Text size="sm" c="dimmed">
        {t('spentBefore', { amount: formatMoney(spending.spentMonthBefore, locale) })}
      </Text>
      <Text size="sm" c="dimmed" mb="md">
        {t('received', { amount: formatMoney(spending.received, locale) })}
      </Text>
      <Stack gap="sm" component="ul" className="plain-list">
        {spending.categories.filter(isSpent).map((one) => (
          <CategoryBar key={one.category} line={one} total={spending.spent.amount} />
        ))}
      </Stack>
    </div>
  );
}

/** One category as a row with a bar: the bar is decoration, the amount beside it says the same. */
function CategoryBar({ line, total }: { readonly line: InCurrency['categories'][number]; readonly total: string }) {
  const { t } = useTranslation('account');
  return (
    <li>
      <Group wrap="nowrap" gap="sm">
        <CategoryMark category={line.category} />
        <div style={{ flex: 1, minWidth: 0 }}>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Text truncate>{t(`category.${line.category}`)}</Text>
            <Amount money={line.spent} fw={600} />
          </Group>
          <div className="bar" aria-hidden>
            <div className="bar-fill" style={{ width: `${shareOf(line.spent.amount, total)}%` }} />
          </div>
        </div>
      </Group>
    </li>
  );
}
