import './staff.css';
import type { ServiceHealth } from '@florin/sdk';
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { serviceHealthQuery } from '../../api/staff-queries.ts';
import { formatTime } from '../../format/dates.ts';
import { operations } from '../../i18n/en/operations.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Card } from '../../parts/card.tsx';
import { DataRegion } from '../../parts/data-region.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Page } from '../../parts/page.tsx';
import { RowsSkeleton } from '../../parts/paged-region.tsx';
import { useBank } from '../../session/use-bank.ts';
import { useServiceName } from './service-name.ts';

type ServiceState = ServiceHealth['data'][number];

/** Which parts of the bank answer, and how fast; asked again from time to time while somebody looks. */
export function HealthPage() {
  const { t } = useTranslation('operations');
  const locale = useLocale();
  const health = useQuery(serviceHealthQuery(useBank()));
  const columns = useColumns();
  return (
    <Page title={t('health')} lead={t('healthLead')}>
      <Card title={t('now')}>
        <DataRegion query={health} skeleton={<RowsSkeleton rows={5} />}>
          {({ checkedAt, data }) => (
            <Stack gap="md">
              <Verdict away={data.filter(({ ready }) => !ready).length} />
              <DataTable label={t('health')} columns={columns} rows={data} keyOf={({ service }) => service} />
              <Text size="sm" c="dimmed">
                {t('checkedAt', { time: formatTime(checkedAt, locale) })}
              </Text>
            </Stack>
          )}
        </DataRegion>
      </Card>
    </Page>
  );
}

/** Says it when it changes, not every ten seconds. */
function Verdict({ away }: { readonly away: number }) {
  const { t } = useTranslation('operations');
  const Icon = away === 0 ? CircleCheck : CircleAlert;
  return (
    <Text fw={650} size="lg" role="status" className={away === 0 ? 'sign-good' : 'sign-bad'}>
      <Icon size={22} aria-hidden /> {away === 0 ? t('allReady') : t('notReady', { count: away })}
    </Text>
  );
}

function useColumns(): readonly Column<ServiceState>[] {
  const { t } = useTranslation('operations');
  const name = useServiceName();
  return [
    {
      id: 'service',
      head: t('serviceColumn'),
      isName: true,
      cell: ({ service }) => (
        <div className="two-lines">
          <Text fw={600}>{name(service)}</Text>
          {isKnown(service) && (
            <Text size="sm" c="dimmed" fw={400}>
              {t(`service.${service}.text`)}
            </Text>
          )}
        </div>
      ),
    },
    { id: 'state', head: t('stateColumn'), cell: ({ ready }) => <State isReady={ready} /> },
    {
      id: 'speed',
      head: t('speedColumn'),
      align: 'right',
      cell: (state) => <Text className="amount">{speedOf(state)}</Text>,
    },
  ];

  function speedOf({ ready, durationMs }: ServiceState): string {
    const count = Math.round(durationMs);
    if (!ready) return t('gaveUp', { count });
    return count < 1 ? t('underOneMillisecond') : t('inMilliseconds', { count });
  }
}

function State({ isReady }: { readonly isReady: boolean }) {
  const { t } = useTranslation('operations');
  const Icon = isReady ? CircleCheck : CircleAlert;
  return (
    <Text fw={600} className={isReady ? 'sign-good' : 'sign-bad'}>
      <Icon size={18} aria-hidden /> {t(isReady ? 'ready' : 'away')}
    </Text>
  );
}

function isKnown(service: string): service is keyof typeof operations.service {
  return Object.hasOwn(operations.service, service);
}
