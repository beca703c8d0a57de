import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { dashboardQuery } from '../../api/queries.ts';
import { Card } from '../../parts/card.tsx';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { LinkAnchor } from '../../parts/links.tsx';
import { PostingRow } from '../../parts/posting-row.tsx';
import { useBank } from '../../session/use-bank.ts';

const SKELETONS = ['one', 'two', 'three', 'four', 'five'];

/** The latest movements over all accounts. */
export function RecentCard() {
  const { t } = useTranslation('overview');
  const bank = useBank();
  const recent = useQuery(dashboardQuery(bank));
  return (
    <Card
      title={t('recent')}
      action={
        <LinkAnchor to="/accounts" size="sm">
          {t('allAccounts')}
        </LinkAnchor>
      }
    >
      <DataRegion
        query={recent}
        skeleton={
          <Stack gap="xs">
            {SKELETONS.map((name) => (
              <Skeleton key={name} h={52} />
            ))}
          </Stack>
        }
        isEmpty={(data) => data.recentTransactions.length === 0}
        empty={<Nothing title={t('noRecent')} text={t('noRecentText')} />}
      >
        {(data) => (
          <Stack gap={2} component="ul" className="plain-list">
            {data.recentTransactions.map(({ accountId, ...posting }) => (
              <li key={`${accountId} ${posting.id}`}>
                <PostingRow accountId={accountId} posting={posting} />
              </li>
            ))}
          </Stack>
        )}
      </DataRegion>
    </Card>
  );
}
