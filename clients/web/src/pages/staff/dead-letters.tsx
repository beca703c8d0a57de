import { Alert, Button, Stack } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { LetterService } from '../../api/saga-services.ts';
import { retryDeadLetters } from '../../api/staff-commands.ts';
import { deadLettersQuery } from '../../api/staff-queries.ts';
import { formatTime } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Card } from '../../parts/card.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { PagedRegion, RowsSkeleton } from '../../parts/paged-region.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { AllWell } from './all-well.tsx';
import { useLetterColumns } from './letter-columns.tsx';
import { useRetryWords } from './retry-words.ts';
import { useServiceName } from './service-name.ts';

/** What one service could not take. It loads, fails and is handled again by itself. */
export function DeadLetters({ service }: { readonly service: LetterService }) {
  const { t } = useTranslation('operations');
  const name = useServiceName()(service);
  const letters = useInfiniteQuery(deadLettersQuery(useBank(), service));
  const locale = useLocale();
  const columns = useLetterColumns();
  const hasLetters = letters.data?.pages.some((page) => page.data.length > 0) ?? false;
  const retry = useRetry(service);
  return (
    <Card
      title={name}
      action={
        hasLetters && (
          <Button
            variant="default"
            size="sm"
            className="touch-target"
            loading={retry.isPending}
            onClick={() => retry.mutate()}
            leftSection={<RotateCw size={18} aria-hidden />}
            aria-label={t('retryOf', { service: name })}
          >
            {t('retry')}
          </Button>
        )
      }
    >
      <Stack gap="md">
        <RetryOutcome retry={retry} />
        <PagedRegion
          query={letters}
          itemsOf={({ data }) => data}
          skeleton={<RowsSkeleton rows={2} />}
          nothing={() => (
            <AllWell
              title={t('nothingStuck')}
              text={t(`nothingStuckText.${service}`, {
                time: formatTime(new Date(letters.dataUpdatedAt).toISOString(), locale),
              })}
              onLook={() => void letters.refetch()}
            />
          )}
        >
          {(found) => (
            <DataTable
              label={t('deadLettersOf', { service: name })}
              columns={columns}
              rows={found}
              keyOf={({ id }) => id}
            />
          )}
        </PagedRegion>
      </Stack>
    </Card>
  );
}

function useRetry(service: LetterService) {
  const bank = useBank();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => retryDeadLetters(bank, service),
    onSettled: () => queries.invalidateQueries({ queryKey: ['dead-letters', service] }),
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
