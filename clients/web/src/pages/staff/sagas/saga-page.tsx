import '../staff.css';
import './sagas.css';
import type { SagaDetail } from '@florin/sdk';
import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { sagaQuery } from '../../../api/saga-queries.ts';
import { SAGA_SERVICES, type SagaService } from '../../../api/saga-services.ts';
import { formatMoment } from '../../../format/dates.ts';
import { useLocale } from '../../../i18n/use-locale.ts';
import { BackLink } from '../../../parts/back-link.tsx';
import { DataRegion } from '../../../parts/data-region.tsx';
import { isMissing } from '../../../parts/is-missing.ts';
import { LinkButton } from '../../../parts/links.tsx';
import { Missing } from '../../../parts/missing.tsx';
import { Page } from '../../../parts/page.tsx';
import { useBank } from '../../../session/use-bank.ts';
import { SagaDecisions } from './saga-decisions.tsx';
import { SagaFacts } from './saga-facts.tsx';
import { SagaStatus } from './saga-status.tsx';
import { SagaSteps } from './saga-steps.tsx';
import { SagaTimeline } from './saga-timeline.tsx';
import { useSagaWords } from './saga-words.ts';

/** One saga: how it stands, what happened to it, and what people do about it. */
export function SagaPage() {
  const { service, id } = useParams({ from: '/staff/sagas/$service/$id' });
  const known = SAGA_SERVICES.find((one) => one === service);
  if (known === undefined) return <SagaMissing />;
  // With a key, nothing of one saga, and nothing that was typed about it, is there while another one loads.
  return <SagaView service={known} id={id} key={`${known} ${id}`} />;
}

function SagaView({ service, id }: { readonly service: SagaService; readonly id: string }) {
  const { t } = useTranslation('sagas');
  const words = useSagaWords();
  const saga = useQuery(sagaQuery(useBank(), service, id));
  const { data } = saga;
  if (data === undefined && isMissing(saga.error)) return <SagaMissing />;
  return (
    <Stack gap="xs">
      <BackLink to="/staff/sagas" search={{ service }}>
        {t('title')}
      </BackLink>
      <Page title={data === undefined ? t('saga') : words.type(data.type)} lead={data && <Lead saga={data} />}>
        <DataRegion query={saga} skeleton={<SagaSkeleton />}>
          {(loaded) => (
            <>
              <SagaDecisions service={service} saga={loaded} />
              <div className="staff-panels">
                <SagaSteps saga={loaded} />
                <SagaFacts service={service} saga={loaded} atMs={saga.dataUpdatedAt} />
              </div>
              <SagaTimeline saga={loaded} />
            </>
          )}
        </DataRegion>
      </Page>
    </Stack>
  );
}

function Lead({ saga }: { readonly saga: SagaDetail }) {
  const { t } = useTranslation('sagas');
  const locale = useLocale();
  return (
    <span className="saga-lead">
      <SagaStatus status={saga.status} /> {t('begunAt', { time: formatMoment(saga.startedAt, locale) })}
    </span>
  );
}

function SagaSkeleton() {
  return (
    <Stack gap="lg">
      <Skeleton h={220} radius="lg" />
      <Skeleton h={320} radius="lg" />
    </Stack>
  );
}

function SagaMissing() {
  const { t } = useTranslation('sagas');
  return (
    <Missing
      title={t('missing')}
      text={t('missingText')}
      action={<LinkButton to="/staff/sagas">{t('toList')}</LinkButton>}
    />
  );
}
