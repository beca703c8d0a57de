import { Badge, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { transferQuery } from '../../api/account-queries.ts';
import { Amount } from '../../parts/amount.tsx';
import { DataRegion } from '../../parts/data-region.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { useBank } from '../../session/use-bank.ts';

/** What became of a transfer, as the ledger says: done, or taken back since. */
export function TransferStatus({ transferId }: { readonly transferId: string }) {
  const { t } = useTranslation('transaction');
  const transfer = useQuery(transferQuery(useBank(), transferId));
  return (
    <DataRegion query={transfer} skeleton={<Skeleton h={56} />}>
      {({ status, reversalOf, reason, fee }) => (
        <Facts>
          <Fact label={t('status')}>
            <Stack gap={4} align="flex-start">
              <Badge>{t(`statusName.${status}`)}</Badge>
              <Text size="sm">{t(reversalOf === undefined ? `statusText.${status}` : 'reversalOf')}</Text>
            </Stack>
          </Fact>
          {reason !== undefined && <Fact label={t('statusReason')}>{reason}</Fact>}
          {fee !== undefined && (
            <Fact label={t('fee')}>
              <Amount money={fee} size="sm" />
            </Fact>
          )}
        </Facts>
      )}
    </DataRegion>
  );
}
