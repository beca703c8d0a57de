import type { SagaDetail } from '@florin/sdk';
import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SagaService } from '../../../api/saga-services.ts';
import { formatInstant } from '../../../format/dates.ts';
import { useLocale } from '../../../i18n/use-locale.ts';
import { Card } from '../../../parts/card.tsx';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { Fact, Facts } from '../../../parts/facts.tsx';
import { LinkAnchor } from '../../../parts/links.tsx';
import { shortNumber } from './plain-text.ts';
import { Deadline } from './saga-columns.tsx';
import { useSagaWords } from './saga-words.ts';

interface SagaFactsProps {
  readonly service: SagaService;
  readonly saga: SagaDetail;
  readonly atMs: number;
}

/** What a saga is about, and when. */
export function SagaFacts({ service, saga, atMs }: SagaFactsProps) {
  const { t } = useTranslation('sagas');
  const locale = useLocale();
  const words = useSagaWords();
  return (
    <Card title={t('facts')}>
      <Facts>
        <Fact label={t('serviceLabel')}>{words.service(service)}</Fact>
        <Fact label={t(`subjectOf.${service}`)}>
          <Group gap={4} wrap="nowrap">
            <Subject service={service} saga={saga} />
            <CopyButton value={saga.subject} label={t('copySubject')} />
          </Group>
        </Fact>
        <Fact label={t('coordinationLabel')}>{t(`coordination.${saga.coordination}`)}</Fact>
        <Fact label={t('started')}>{formatInstant(saga.startedAt, locale)}</Fact>
        <Fact label={t('updated')}>{formatInstant(saga.updatedAt, locale)}</Fact>
        {saga.deadlineAt !== null && (
          <Fact label={t('deadline')}>
            <Deadline saga={saga} atMs={atMs} />
          </Fact>
        )}
        {saga.step !== null && (
          <Fact label={t(saga.coordination === 'choreographed' ? 'rounds' : 'tries')}>{saga.attempt}</Fact>
        )}
        <Fact label={t('number')}>
          <Group gap={4} wrap="nowrap">
            <span>{shortNumber(saga.id)}</span>
            <CopyButton value={saga.id} label={t('copyNumber')} />
          </Group>
        </Fact>
      </Facts>
    </Card>
  );
}

/** What it is about, with the way there where there is something to see. */
function Subject({ service, saga: { subject, status } }: Pick<SagaFactsProps, 'service' | 'saga'>): ReactNode {
  const text = shortNumber(subject);
  if (service === 'users') {
    return (
      <LinkAnchor to="/staff/customers/$customerId" params={{ customerId: subject }} size="sm">
        {text}
      </LinkAnchor>
    );
  }
  // A payment that did not come about has no entry.
  if (status !== 'completed') return text;
  return (
    <LinkAnchor to="/staff/journals/$journalId" params={{ journalId: subject }} size="sm">
      {text}
    </LinkAnchor>
  );
}
