import type { SagaSummary } from '@florin/sdk';
import { Stack, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { stuckSagasQuery } from '../../../api/saga-queries.ts';
import { SAGA_SERVICES } from '../../../api/saga-services.ts';
import { formatTime } from '../../../format/dates.ts';
import { useLocale } from '../../../i18n/use-locale.ts';
import { Card } from '../../../parts/card.tsx';
import { DataTable } from '../../../parts/data-table.tsx';
import { RowsSkeleton } from '../../../parts/paged-region.tsx';
import { useBank } from '../../../session/use-bank.ts';
import { AllWell } from '../all-well.tsx';
import { EachService } from './each-service.tsx';
import { type SagaRow, useSagaColumns } from './saga-columns.tsx';
import { useSagaWords } from './saga-words.ts';
import { together } from './together.ts';

/** What needs somebody, at every service that has sagas: what waits longest first. A service that is away says so. */
export function StuckSagas() {
  const { t } = useTranslation('sagas');
  const bank = useBank();
  const locale = useLocale();
  const words = useSagaWords();
  const queries = useQueries({ queries: SAGA_SERVICES.map((service) => stuckSagasQuery(bank, service)) });
  const asked = together(SAGA_SERVICES, queries);
  const { what, status: _, step, why, age } = useSagaColumns(asked.atMs);
  const rows = asked.items
    .map(({ service, item }): SagaRow => ({ ...item, service }))
    .toSorted((one, other) => inOrder(one, other));
  return (
    <Card title={t('needsYou')}>
      <Stack gap="md">
        <EachService asked={asked} skeleton={<RowsSkeleton rows={2} />} />
        {rows.length > 0 && (
          <DataTable
            label={t('needsYou')}
            columns={[what, step, why, age]}
            rows={rows}
            keyOf={({ service, id }) => `${service} ${id}`}
          />
        )}
        {asked.more.map((service) => (
          <Text key={service} size="sm" c="dimmed">
            {t('moreNeed', { service: words.service(service) })}
          </Text>
        ))}
        {asked.isWhole && rows.length === 0 && (
          <AllWell
            title={t('noneNeeds')}
            text={t('noneNeedsText', { time: formatTime(new Date(asked.atMs).toISOString(), locale) })}
            onLook={asked.refetch}
          />
        )}
      </Stack>
    </Card>
  );
}

function inOrder(one: SagaSummary, other: SagaSummary): number {
  return Date.parse(one.startedAt) - Date.parse(other.startedAt);
}
