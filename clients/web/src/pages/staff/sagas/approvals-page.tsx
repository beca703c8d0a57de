import '../staff.css';
import './sagas.css';
import type { SagaAction } from '@florin/sdk';
import { Button, Stack, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { openActionsQuery } from '../../../api/saga-queries.ts';
import { SAGA_SERVICES, type SagaService } from '../../../api/saga-services.ts';
import { formatMoment, formatTime } from '../../../format/dates.ts';
import { useLocale } from '../../../i18n/use-locale.ts';
import { Card } from '../../../parts/card.tsx';
import { Nothing } from '../../../parts/data-region.tsx';
import { type Column, DataTable } from '../../../parts/data-table.tsx';
import { LinkAnchor } from '../../../parts/links.tsx';
import { Page } from '../../../parts/page.tsx';
import { RowsSkeleton } from '../../../parts/paged-region.tsx';
import { useBank, useHasRole, useUser } from '../../../session/use-bank.ts';
import { EachService } from './each-service.tsx';
import { PersonMark } from './person-mark.tsx';
import { useSagaWords } from './saga-words.ts';
import { together } from './together.ts';

interface Row extends SagaAction {
  readonly service: SagaService;
}

/** What waits for a second person, at every service; what waits longest first. It is decided where it can be looked at. */
export function ApprovalsPage() {
  const { t } = useTranslation('approvals');
  const bank = useBank();
  const words = useSagaWords();
  const queries = useQueries({ queries: SAGA_SERVICES.map((service) => openActionsQuery(bank, service)) });
  const asked = together(SAGA_SERVICES, queries);
  const columns = useColumns();
  const rows = asked.items
    .map(({ service, item }): Row => ({ ...item, service }))
    .toSorted((one, other) => Date.parse(one.madeAt) - Date.parse(other.madeAt));
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Card title={t('waiting')}>
        <Stack gap="md">
          <EachService asked={asked} skeleton={<RowsSkeleton rows={3} />} />
          {rows.length > 0 && <DataTable label={t('waiting')} columns={columns} rows={rows} keyOf={({ id }) => id} />}
          {asked.more.map((service) => (
            <Text key={service} size="sm" c="dimmed">
              {t('more', { service: words.service(service) })}
            </Text>
          ))}
          {asked.isWhole && rows.length === 0 && <NothingWaits atMs={asked.atMs} onLook={asked.refetch} />}
        </Stack>
      </Card>
    </Page>
  );
}

function NothingWaits({ atMs, onLook }: { readonly atMs: number; readonly onLook: () => void }) {
  const { t } = useTranslation('approvals');
  const { t: operations } = useTranslation('operations');
  const locale = useLocale();
  return (
    <Nothing
      title={t('none')}
      text={t('noneText', { time: formatTime(new Date(atMs).toISOString(), locale) })}
      action={
        <Button variant="default" onClick={onLook}>
          {operations('lookAgain')}
        </Button>
      }
    />
  );
}

function useColumns(): readonly Column<Row>[] {
  const { t } = useTranslation('approvals');
  const { t: sagas } = useTranslation('sagas');
  const locale = useLocale();
  const words = useSagaWords();
  return [
    {
      id: 'what',
      head: t('what'),
      isName: true,
      cell: ({ service, sagaId, action }) => (
        <div className="two-lines">
          <LinkAnchor to="/staff/sagas/$service/$id" params={{ service, id: sagaId }} size="sm" className="nowrap">
            {sagas(`action.${action}`)}
          </LinkAnchor>
          <Text size="xs" c="dimmed" fw={400}>
            {words.service(service)}
          </Text>
        </div>
      ),
    },
    { id: 'why', head: t('why'), cell: ({ reason }) => <Text size="sm">{reason}</Text> },
    {
      id: 'who',
      head: t('who'),
      cell: ({ maker }) => (
        <Text size="sm" component="div">
          <PersonMark id={maker} />
        </Text>
      ),
    },
    { id: 'since', head: t('since'), cell: ({ madeAt }) => <Text size="sm">{formatMoment(madeAt, locale)}</Text> },
    { id: 'whose', head: t('whose'), cell: (row) => <Turn maker={row.maker} /> },
  ];
}

function Turn({ maker }: { readonly maker: string }) {
  const { t } = useTranslation('approvals');
  const isMine = useUser().id !== maker;
  const mayDecide = useHasRole('supervisor') && isMine;
  return (
    <Text size="sm" fw={mayDecide ? 600 : 400}>
      {t(mayDecide ? 'yours' : 'others')}
    </Text>
  );
}
