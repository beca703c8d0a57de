import '../staff.css';
import './sagas.css';
import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { inDoubtQuery, stuckDecisionsQuery } from '../../../api/saga-queries.ts';
import { formatTime } from '../../../format/dates.ts';
import { useLocale } from '../../../i18n/use-locale.ts';
import { Card } from '../../../parts/card.tsx';
import { DataRegion } from '../../../parts/data-region.tsx';
import { DataTable } from '../../../parts/data-table.tsx';
import { Page } from '../../../parts/page.tsx';
import { RowsSkeleton } from '../../../parts/paged-region.tsx';
import { useBank } from '../../../session/use-bank.ts';
import { AllWell } from '../all-well.tsx';
import { useDecisionColumns, useInDoubtColumns } from './in-doubt-columns.tsx';

/** Transfers in two shards at once that have no end yet, and decisions that can not be carried out. */
export function InDoubtPage() {
  const { t } = useTranslation('inDoubt');
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Stack gap="lg">
        <InDoubtCard />
        <DecisionsCard />
      </Stack>
    </Page>
  );
}

function InDoubtCard() {
  const { t } = useTranslation('inDoubt');
  const inDoubt = useQuery(inDoubtQuery(useBank()));
  const locale = useLocale();
  const columns = useInDoubtColumns();
  return (
    <Card title={t('list')}>
      <DataRegion
        query={inDoubt}
        skeleton={<RowsSkeleton rows={3} />}
        isEmpty={(data) => data.length === 0}
        empty={
          <AllWell
            title={t('none')}
            text={t('noneText', { time: formatTime(new Date(inDoubt.dataUpdatedAt).toISOString(), locale) })}
            onLook={() => void inDoubt.refetch()}
          />
        }
      >
        {(data) => <DataTable label={t('list')} columns={columns} rows={data} keyOf={({ name }) => name} />}
      </DataRegion>
    </Card>
  );
}

function DecisionsCard() {
  const { t } = useTranslation('inDoubt');
  const decisions = useQuery(stuckDecisionsQuery(useBank()));
  const locale = useLocale();
  const columns = useDecisionColumns();
  return (
    <Card title={t('decisions')}>
      <DataRegion
        query={decisions}
        skeleton={<RowsSkeleton rows={2} />}
        isEmpty={(data) => data.length === 0}
        empty={
          <AllWell
            title={t('noDecisions')}
            text={t('noDecisionsText', { time: formatTime(new Date(decisions.dataUpdatedAt).toISOString(), locale) })}
            onLook={() => void decisions.refetch()}
          />
        }
      >
        {(data) => <DataTable label={t('decisions')} columns={columns} rows={data} keyOf={({ gid }) => gid} />}
      </DataRegion>
    </Card>
  );
}
