import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { accountQuery } from '../../api/account-queries.ts';
import { BackLink } from '../../parts/back-link.tsx';
import { DataRegion } from '../../parts/data-region.tsx';
import { Page } from '../../parts/page.tsx';
import { useBank } from '../../session/use-bank.ts';
import { AccountActions } from './account-actions.tsx';
import { AccountMissing } from './account-missing.tsx';
import { AccountOverview } from './account-overview.tsx';
import { HistoryCard } from './history-card.tsx';
import { StatusNotice } from './status-notice.tsx';

/** One account: what is on it, what one can do with it, and everything that happened. */
export function AccountPage() {
  const { accountId } = useParams({ from: '/customer/accounts/$accountId' });
  // With a key, nothing of one account is ever shown while another one loads.
  return <AccountView accountId={accountId} key={accountId} />;
}

function AccountView({ accountId }: { readonly accountId: string }) {
  const { t } = useTranslation('account');
  const account = useQuery(accountQuery(useBank(), accountId));
  const { data } = account;
  if (data === null) return <AccountMissing />;
  return (
    <Stack gap="xs">
      <BackLink to="/accounts">{t('accounts')}</BackLink>
      <Page
        title={data?.name ?? t('account')}
        action={data ? <AccountActions account={data} /> : account.isPending && <ActionsSkeleton />}
      >
        <DataRegion query={account} skeleton={<Skeleton h={190} radius="lg" />}>
          {(loaded) =>
            loaded && (
              <>
                <StatusNotice status={loaded.status} />
                <AccountOverview account={loaded} />
              </>
            )
          }
        </DataRegion>
        <HistoryCard accountId={accountId} account={data} />
      </Page>
    </Stack>
  );
}

/** As high as the buttons to come, so that nothing jumps. */
function ActionsSkeleton() {
  return <Skeleton w={{ base: '100%', sm: 448 }} h={{ base: 96, sm: 42 }} />;
}
