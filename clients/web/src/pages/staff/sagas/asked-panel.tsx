import type { SagaAction } from '@florin/sdk';
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { decideAction } from '../../../api/saga-commands.ts';
import type { SagaService } from '../../../api/saga-services.ts';
import { formatMoment } from '../../../format/dates.ts';
import { useLocale } from '../../../i18n/use-locale.ts';
import { Fact, Facts } from '../../../parts/facts.tsx';
import { useHasRole, useUser } from '../../../session/use-bank.ts';
import { PersonMark } from './person-mark.tsx';
import { SagaProblem } from './saga-problem.tsx';
import { useSagaChange } from './use-saga-change.ts';

interface AskedPanelProps {
  readonly service: SagaService;
  readonly asked: SagaAction;
  /** Something has happened since: it can not be done any more, only closed. */
  readonly isOvertaken: boolean;
  readonly onSaid: (text: string) => void;
}

/** What is asked about a saga, by whom and why, and the yes and no of a second person. */
export function AskedPanel({ service, asked, isOvertaken, onSaid }: AskedPanelProps) {
  const { t } = useTranslation('sagas');
  const locale = useLocale();
  return (
    <Stack gap="md" className="asked">
      <Title order={3} size="h5">
        {t(`askedTitle.${asked.action}`)}
      </Title>
      <Facts>
        <Fact label={t('askedBy')}>
          <PersonMark id={asked.maker} />
        </Fact>
        <Fact label={t('askedAt')}>{formatMoment(asked.madeAt, locale)}</Fact>
        <Fact label={t('askedWhy')}>{asked.reason}</Fact>
        {asked.evidence !== null && <Fact label={t('askedEvidence')}>{asked.evidence}</Fact>}
      </Facts>
      {isOvertaken && (
        <Text size="sm" className="warning-text">
          {t('overtaken')}
        </Text>
      )}
      <Decide service={service} asked={asked} isOvertaken={isOvertaken} onSaid={onSaid} />
    </Stack>
  );
}

function Decide({ service, asked, isOvertaken, onSaid }: AskedPanelProps) {
  const { t } = useTranslation('sagas');
  const isMaker = useUser().id === asked.maker;
  const mayDecide = useHasRole('supervisor');
  const decide = useSagaChange({
    service,
    send: (bank, decision: 'approve' | 'reject') => decideAction(bank, service, asked.id, decision),
    onDone: ({ action, status }) => onSaid(status === 'approved' ? t(`approved.${action}`) : t('rejected')),
  });
  if (isMaker || !mayDecide) return <Text fw={600}>{t(isMaker ? 'needsSecond' : 'auditorWaits')}</Text>;
  const { isPending, variables } = decide;
  return (
    <>
      <SagaProblem error={decide.error} unsure={t('unsureDecided')} />
      <Group>
        {!isOvertaken && (
          <Button
            loading={isPending && variables === 'approve'}
            disabled={isPending}
            onClick={() => decide.mutate('approve')}
          >
            {t('approve')}
          </Button>
        )}
        <Button
          variant="default"
          loading={isPending && variables === 'reject'}
          disabled={isPending}
          onClick={() => decide.mutate('reject')}
        >
          {t('reject')}
        </Button>
      </Group>
    </>
  );
}
