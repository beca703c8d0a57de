import type { Reconciliation } from '@florin/sdk';
import { Alert, Button, Group, Loader, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { proveBooks } from '../../api/staff-commands.ts';
import { latestReconciliationQuery } from '../../api/staff-queries.ts';
import { Card } from '../../parts/card.tsx';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { isMissing } from '../../parts/is-missing.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank, useHasRole } from '../../session/use-bank.ts';
import { ProofOutcome } from './proof-outcome.tsx';
import { isOutcomeOpen } from './use-keyed-request.ts';

type Mode = Reconciliation['mode'];

/** How often the outcome is looked for of a proof that goes on without this page. */
const OUTCOME_POLL_MS = 5_000;

/** Whether the books balance, when that was proven last, and the way to prove it now. */
export function ProofCard() {
  const { t } = useTranslation('books');
  const { proving, isUnsure } = useProof();
  const mayProve = useHasRole('supervisor');
  const latest = useQuery({
    ...latestReconciliationQuery(useBank()),
    refetchInterval: isUnsure ? OUTCOME_POLL_MS : false,
  });
  const neverProven = latest.data === undefined && isMissing(latest.error);
  return (
    <Card title={t('proof')}>
      <Stack gap="lg">
        {neverProven ? (
          <Nothing title={t('neverProven')} text={t('neverProvenText')} />
        ) : (
          <DataRegion query={latest} skeleton={<Skeleton h={160} />}>
            {(data) => <ProofOutcome latest={data} />}
          </DataRegion>
        )}
        {mayProve && <ProofActions proving={proving} isUnsure={isUnsure} />}
      </Stack>
    </Card>
  );
}

function useProof() {
  const bank = useBank();
  const queries = useQueryClient();
  const proving = useMutation({
    mutationFn: (mode: Mode) => proveBooks(bank, mode),
    onSettled: () => queries.invalidateQueries({ queryKey: ['books'] }),
  });
  return { proving, isUnsure: proving.isError && isOutcomeOpen(proving.error) };
}

function ProofActions({ proving, isUnsure }: ReturnType<typeof useProof>) {
  const { t } = useTranslation('books');
  const { isPending, isError, error, variables: mode } = proving;
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Button
          loading={isPending && mode === 'incremental'}
          disabled={isPending}
          onClick={() => proving.mutate('incremental')}
        >
          {t('prove')}
        </Button>
        <Button
          variant="default"
          loading={isPending && mode === 'full'}
          disabled={isPending}
          onClick={() => proving.mutate('full')}
        >
          {t('proveInFull')}
        </Button>
      </Group>
      <div role="status">
        {isPending && (
          <Group gap="xs" wrap="nowrap">
            <Loader size="xs" aria-hidden />
            <Text size="sm">{t(mode === 'full' ? 'provingInFull' : 'proving')}</Text>
          </Group>
        )}
        {isUnsure && (
          <Alert color="yellow" variant="outline">
            {t('proveUnsure')}
          </Alert>
        )}
      </div>
      {isError && !isUnsure && <ProblemNotice error={error} title={t('proveFailed')} />}
    </Stack>
  );
}
