import './staff.css';
import type { DeadLetter } from '@florin/sdk';
import { Alert, Button, Group, Text } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { retryDeadLetters } from '../../api/staff-commands.ts';
import { deadLettersQuery } from '../../api/staff-queries.ts';
import { formatMoment, formatTime } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Card } from '../../parts/card.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Nothing } from '../../parts/data-region.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { LinkAnchor } from '../../parts/links.tsx';
import { Page } from '../../parts/page.tsx';
import { PagedRegion, RowsSkeleton } from '../../parts/paged-region.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank, useHasRole } from '../../session/use-bank.ts';
import { useRetryWords } from './retry-words.ts';

/** Events that could not be taken, and the way to have them handled again. */
export function DeadLettersPage() {
  const { t } = useTranslation('operations');
  const letters = useInfiniteQuery(deadLettersQuery(useBank()));
  const columns = useColumns();
  const hasLetters = letters.data?.pages.some((page) => page.data.length > 0) ?? false;
  const retry = useRetry();
  return (
    <Page
      title={t('deadLetters')}
      lead={t('deadLettersLead')}
      action={
        hasLetters && (
          <Button
            loading={retry.isPending}
            onClick={() => retry.mutate()}
            leftSection={<RotateCw size={18} aria-hidden />}
          >
            {t('retry')}
          </Button>
        )
      }
    >
      <RetryOutcome retry={retry} />
      <Card title={t('deadLetterList')}>
        <PagedRegion
          query={letters}
          itemsOf={({ data }) => data}
          skeleton={<RowsSkeleton rows={4} />}
          nothing={() => <NothingStuck at={letters.dataUpdatedAt} onLook={() => void letters.refetch()} />}
        >
          {(found) => <DataTable label={t('deadLetters')} columns={columns} rows={found} keyOf={({ id }) => id} />}
        </PagedRegion>
      </Card>
    </Page>
  );
}

function useRetry() {
  const bank = useBank();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => retryDeadLetters(bank),
    onSettled: () => queries.invalidateQueries({ queryKey: ['dead-letters'] }),
  });
}

function RetryOutcome({ retry }: { readonly retry: ReturnType<typeof useRetry> }) {
  const { t } = useTranslation('operations');
  const words = useRetryWords();
  if (retry.isError) return <ProblemNotice error={retry.error} title={t('retryFailed')} />;
  return (
    <div role="status" className="said-here">
      {retry.data !== undefined && (
        <Alert color={retry.data.stillParked === 0 ? 'green' : 'yellow'} variant="outline">
          {words(retry.data)}
        </Alert>
      )}
    </div>
  );
}

function NothingStuck({ at, onLook }: { readonly at: number; readonly onLook: () => void }) {
  const { t } = useTranslation('operations');
  const locale = useLocale();
  return (
    <Nothing
      title={t('nothingStuck')}
      text={t('nothingStuckText', { time: formatTime(new Date(at).toISOString(), locale) })}
      action={
        <Button variant="default" onClick={onLook}>
          {t('lookAgain')}
        </Button>
      }
    />
  );
}

/** What we have words for; anything else is shown as the bank names it. */
const GROUPS: Readonly<Record<string, 'readModel'>> = { 'accounts.read-model': 'readModel' };
const TOPICS: Readonly<Record<string, 'accountChanged'>> = { 'transactions.account-changed.v1': 'accountChanged' };

function useColumns(): readonly Column<DeadLetter>[] {
  const { t } = useTranslation('operations');
  const locale = useLocale();
  return [
    {
      id: 'topic',
      head: t('topic'),
      isName: true,
      cell: ({ topic, group, eventId }) => (
        <div className="two-lines">
          <Group gap={4} wrap="nowrap">
            {TOPICS[topic] === undefined ? topic : t(`topicName.${TOPICS[topic]}`)}
            <CopyButton value={eventId} label={t('copyEvent')} />
          </Group>
          <Text size="xs" c="dimmed" fw={400}>
            {GROUPS[group] === undefined ? group : t(`groupName.${GROUPS[group]}`)}
          </Text>
        </div>
      ),
    },
    { id: 'key', head: t('key'), cell: (letter) => <About letter={letter} /> },
    { id: 'reason', head: t('reason'), cell: ({ reason }) => <Text size="sm">{reason}</Text> },
    { id: 'attempts', head: t('attempts'), align: 'right', cell: ({ attempts }) => attempts },
    {
      id: 'since',
      head: t('failedAt'),
      cell: ({ failedAt }) => (
        <Text size="sm" className="nowrap">
          {formatMoment(failedAt, locale)}
        </Text>
      ),
    },
  ];
}

/** What the event is about: an account, for those who may look at one; its key to copy for everybody. */
function About({ letter: { topic, key } }: { readonly letter: DeadLetter }) {
  const { t } = useTranslation('operations');
  const seesAccounts = useHasRole('teller', 'supervisor', 'auditor');
  const isAccount = TOPICS[topic] === 'accountChanged';
  return (
    <Group gap={4} wrap="nowrap">
      {isAccount && seesAccounts ? (
        <LinkAnchor to="/staff/accounts/$accountId" params={{ accountId: key }} size="sm">
          {t('openAccount')}
        </LinkAnchor>
      ) : (
        <Text size="sm">…{key.slice(-8)}</Text>
      )}
      <CopyButton value={key} label={t('copyKey')} />
    </Group>
  );
}
