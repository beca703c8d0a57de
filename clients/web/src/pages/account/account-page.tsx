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
import { AccountMissing, isMissing } from './account-missing.tsx';
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
  if (data === undefined && isMissing(account.error)) return <AccountMissing />;
  return (
    <Stack gap="xs">
      <BackLink to="/accounts">{t('accounts')}</BackLink>
      <Page title={data?.name ?? t('account')} action={data && <AccountActions account={data} />}>
        <DataRegion query={account} skeleton={<Skeleton h={190} radius="lg" />}>
          {(loaded) => (
            <>
              <StatusNotice status={loaded.status} />
              <AccountOverview account={loaded} />
            </>
          )}
        </DataRegion>
        <HistoryCard accountId={accountId} account={data} />
      </Page>
    </Stack>
  );
}
