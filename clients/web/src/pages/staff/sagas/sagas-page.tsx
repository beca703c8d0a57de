import '../staff.css';
import './sagas.css';
import { Button, Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { sagasQuery } from '../../../api/saga-queries.ts';
import type { SagaSearch } from '../../../api/saga-search.ts';
import { SAGA_SERVICES } from '../../../api/saga-services.ts';
import { Card } from '../../../parts/card.tsx';
import { Nothing } from '../../../parts/data-region.tsx';
import { DataTable } from '../../../parts/data-table.tsx';
import { Page } from '../../../parts/page.tsx';
import { PagedRegion, RowsSkeleton } from '../../../parts/paged-region.tsx';
import { useBank } from '../../../session/use-bank.ts';
import { type SagaRow, useSagaColumns } from './saga-columns.tsx';
import { SagaChips, SagaFilters } from './saga-filters.tsx';
import { StuckSagas } from './stuck-sagas.tsx';

/** Work that goes on across services: what needs somebody, and all of it. What is looked for is in the address. */
export function SagasPage() {
  const { t } = useTranslation('sagas');
  const search = useSearch({ from: '/staff/sagas' });
  const navigate = useNavigate();
  const change = (next: SagaSearch) => void navigate({ to: '/staff/sagas', search: next, resetScroll: false });
  return (
    <Page title={t('title')} lead={t('lead')}>
      <StuckSagas />
      <Card title={t('all')}>
        <Stack gap="md">
          <SagaFilters search={search} onChange={change} />
          <SagaChips search={search} onChange={change} />
          <FoundSagas search={search} onChange={change} />
        </Stack>
      </Card>
    </Page>
  );
}

interface FoundSagasProps {
  readonly search: SagaSearch;
  readonly onChange: (search: SagaSearch) => void;
}

function FoundSagas({ search, onChange }: FoundSagasProps) {
  const { t } = useTranslation('sagas');
  const { t: shell } = useTranslation();
  const { service = SAGA_SERVICES[0], ...filters } = search;
  const sagas = useInfiniteQuery(sagasQuery(useBank(), service, filters));
  const { what, status, step, age, deadline } = useSagaColumns(sagas.dataUpdatedAt);
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <PagedRegion
      query={sagas}
      itemsOf={({ data }) => data.map((saga): SagaRow => ({ ...saga, service }))}
      skeleton={<RowsSkeleton rows={8} />}
      nothing={() =>
        isFiltered ? (
          <Nothing
            state="filtered"
            title={t('nothingFound')}
            text={t('nothingFoundText')}
            action={
              <Button variant="default" onClick={() => onChange(search.service === undefined ? {} : { service })}>
                {shell('clearFilters')}
              </Button>
            }
          />
        ) : (
          <Nothing title={t('none')} text={t('noneText')} />
        )
      }
    >
      {(found) => (
        <DataTable label={t('all')} columns={[what, status, step, age, deadline]} rows={found} keyOf={({ id }) => id} />
      )}
    </PagedRegion>
  );
}
