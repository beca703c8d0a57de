import '../staff.css';
import type { Role } from '@florin/sdk';
import { Stack, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { openApprovalsQuery } from '../../../api/approval-queries.ts';
import { SAGA_SERVICES, type SagaService } from '../../../api/saga-services.ts';
import { Nothing } from '../../../parts/data-region.tsx';
import { Page } from '../../../parts/page.tsx';
import { RowsSkeleton } from '../../../parts/paged-region.tsx';
import { ProblemNotice } from '../../../parts/problem-notice.tsx';
import { useBank, useUser } from '../../../session/use-bank.ts';
import { RequestCard } from './request-card.tsx';

/** Who sees what waits where; the bank decides again. */
const READERS: Readonly<Record<SagaService, readonly Role[]>> = {
  transactions: ['teller', 'supervisor', 'auditor'],
  accounts: ['teller', 'supervisor', 'fraud-analyst', 'auditor'],
  users: ['admin', 'auditor'],
};

/** What waits for a second person, what waits longest first, with a yes and a no. */
export function RequestsPage() {
  const { t } = useTranslation('requests');
  const bank = useBank();
  const { roles } = useUser();
  const [said, setSaid] = useState('');
  const services = SAGA_SERVICES.filter((service) => READERS[service].some((role) => roles.includes(role)));
  const queries = useQueries({ queries: services.map((service) => openApprovalsQuery(bank, service)) });
  const waiting = queries
    .flatMap(({ data = [] }, index) => data.map((approval) => ({ approval, service: services[index] as SagaService })))
    .toSorted((one, other) => Date.parse(one.approval.madeAt) - Date.parse(other.approval.madeAt));
  const failed = services.flatMap((service, index) => {
    const query = queries[index];
    return query === undefined || query.error === null ? [] : [{ service, query }];
  });
  const isPending = queries.some((query) => query.isPending);
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Stack gap="md">
        <Text role="status" fw={600}>
          {said}
        </Text>
        {failed.map(({ service, query }) => (
          <ProblemNotice key={service} error={query.error} onRetry={() => void query.refetch()} />
        ))}
        {isPending && <RowsSkeleton rows={3} />}
        {waiting.map(({ approval, service }) => (
          <RequestCard key={approval.id} approval={approval} service={service} onSaid={setSaid} />
        ))}
        {!isPending && failed.length === 0 && waiting.length === 0 && (
          <Nothing title={t('none')} text={t('noneText')} />
        )}
      </Stack>
    </Page>
  );
}
