import type { SagaSummary } from '@florin/sdk';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SagaService } from '../../../api/saga-services.ts';
import { formatMoment } from '../../../format/dates.ts';
import { formatDuration } from '../../../format/durations.ts';
import { useLocale } from '../../../i18n/use-locale.ts';
import type { Column } from '../../../parts/data-table.tsx';
import { LinkAnchor } from '../../../parts/links.tsx';
import { shortNumber } from './plain-text.ts';
import { SagaStatus } from './saga-status.tsx';
import { useSagaWords } from './saga-words.ts';

/** A saga in a list, with the service that has it. */
export interface SagaRow extends SagaSummary {
  readonly service: SagaService;
}

/** The columns of lists of sagas. `atMs` is when the list was asked for: ages are counted up to then. */
export function useSagaColumns(atMs: number) {
  const { t } = useTranslation('sagas');
  const locale = useLocale();
  const words = useSagaWords();
  const what: Column<SagaRow> = {
    id: 'what',
    head: t('what'),
    isName: true,
    cell: ({ service, id, type, subject }) => (
      <div className="two-lines">
        <LinkAnchor to="/staff/sagas/$service/$id" params={{ service, id }} size="sm">
          {words.type(type)}
        </LinkAnchor>
        <Text size="xs" c="dimmed" fw={400} title={subject}>
          {t(`subjectOf.${service}`)} {shortNumber(subject)}
        </Text>
      </div>
    ),
  };
  const status: Column<SagaRow> = { id: 'state', head: t('stateColumn'), cell: (saga) => <SagaStatus {...saga} /> };
  const step: Column<SagaRow> = {
    id: 'step',
    head: t('stepColumn'),
    cell: ({ step: name }) => (name === null ? null : <Text size="sm">{words.step(name)}</Text>),
  };
  const why: Column<SagaRow> = {
    id: 'why',
    head: t('whyColumn'),
    cell: ({ attention, step: name }) =>
      attention === null ? null : <Text size="sm">{words.said(attention, name === null ? [] : [name])}</Text>,
  };
  const age: Column<SagaRow> = {
    id: 'age',
    head: t('ageColumn'),
    cell: ({ startedAt }) => (
      <Text size="sm" className="nowrap" title={formatMoment(startedAt, locale)}>
        {t('ago', { duration: formatDuration(atMs - Date.parse(startedAt), locale) })}
      </Text>
    ),
  };
  const deadline: Column<SagaRow> = {
    id: 'deadline',
    head: t('deadlineColumn'),
    cell: (saga) => (isOver(saga) ? null : <Deadline saga={saga} atMs={atMs} />),
  };
  return { what, status, step, why, age, deadline };
}

function isOver({ status }: SagaSummary): boolean {
  return status === 'completed' || status === 'compensated';
}

/** When it is due, and that this has passed while it goes on. */
export function Deadline({ saga, atMs }: { readonly saga: SagaSummary; readonly atMs: number }) {
  const { t } = useTranslation('sagas');
  const locale = useLocale();
  if (saga.deadlineAt === null) return null;
  const time = formatMoment(saga.deadlineAt, locale);
  if (isOver(saga) || atMs < Date.parse(saga.deadlineAt)) return <Text size="sm">{time}</Text>;
  return (
    <Text size="sm" className="warning-text">
      {t('duePassed', { time })}
    </Text>
  );
}
