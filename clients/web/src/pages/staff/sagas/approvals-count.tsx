import { Badge, VisuallyHidden } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { openActionsQuery } from '../../../api/saga-queries.ts';
import { SAGA_SERVICES } from '../../../api/saga-services.ts';
import { useBank } from '../../../session/use-bank.ts';

/** How much waits for a second person, beside the way there. Nothing while it is nothing, or not known. */
export function ApprovalsCount() {
  const { t } = useTranslation('approvals');
  const bank = useBank();
  const queries = useQueries({ queries: SAGA_SERVICES.map((service) => openActionsQuery(bank, service)) });
  const count = queries.reduce((sum, { data }) => sum + (data?.items.length ?? 0), 0);
  if (count === 0) return null;
  return (
    <>
      <Badge circle={count < 10} aria-hidden>
        {count}
      </Badge>
      <VisuallyHidden>{t('waitingCount', { count })}</VisuallyHidden>
    </>
  );
}
