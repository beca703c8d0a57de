import './staff.css';
import type { Account } from '@florin/sdk';
import { Skeleton, Stack } from '@mantine/core';
import { useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatIban } from '../../format/money.ts';
import { BackLink } from '../../parts/back-link.tsx';
import { Card } from '../../parts/card.tsx';
import { DataRegion } from '../../parts/data-region.tsx';
import { Figure, Figures } from '../../parts/facts.tsx';
import { isMissing } from '../../parts/is-missing.ts';
import { LinkButton } from '../../parts/links.tsx';
import { Missing } from '../../parts/missing.tsx';
import { Page } from '../../parts/page.tsx';
import { AccountAbout } from './account-about.tsx';
import { AccountOwners } from './account-owners.tsx';
import { StaffAccountActions } from './staff-account-actions.tsx';
import { StaffHistory } from './staff-history.tsx';
import { type StaffAccount, useStaffAccount } from './use-staff-account.ts';

/** One account: what is on it, whose it is, what happened, and what staff may do about it. */
export function StaffAccountPage() {
  const { accountId } = useParams({ from: '/staff/accounts/$accountId' });
  // With a key, nothing of one account is ever shown, and nothing done to it, while another one loads.
  return <StaffAccountView accountId={accountId} key={accountId} />;
}

function StaffAccountView({ accountId }: { readonly accountId: string }) {
  const { t } = useTranslation('staff');
  const { iban } = useSearch({ from: '/staff/accounts/$accountId' });
  const found = useStaffAccount(accountId, iban);
  const { account, lookedUp, mayRead, isReachable } = found;
  const { data } = account;
  if (!isReachable) return <AccountMissing reason="byIbanOnly" />;
  if (data === undefined && isMissing(account.error)) return <AccountMissing reason="missing" />;
  return (
    <Stack gap="xs">
      <BackLink to="/staff/customers">{t('customers')}</BackLink>
      <Page
        title={data === undefined ? t('account') : formatIban(data.iban)}
        lead={lookedUp.data?.holderName}
        action={data && <StaffAccountActions account={data} />}
      >
        <AccountPanels found={found} />
        {mayRead && <StaffHistory accountId={accountId} account={data} />}
      </Page>
    </Stack>
  );
}

function AccountPanels({ found: { account, lookedUp } }: { readonly found: StaffAccount }) {
  return (
    <>
      <DataRegion query={account} skeleton={<Skeleton h={210} radius="lg" />}>
        {(data) => (
          <div className="staff-panels">
            <Balances account={data} />
            <AccountAbout account={data} />
          </div>
        )}
      </DataRegion>
      {account.data !== undefined && <AccountOwners lookedUp={lookedUp} />}
    </>
  );
}

function Balances({ account: { balance } }: { readonly account: Account }) {
  const { t } = useTranslation('staffAccount');
  return (
    <Card title={t('balances')}>
      <Figures>
        <Figure label={t('available')} money={balance.available} isMain />
        <Figure label={t('posted')} money={balance.posted} />
        <Figure label={t('held')} money={balance.held} hint={t('heldHint')} />
      </Figures>
    </Card>
  );
}

function AccountMissing({ reason }: { readonly reason: 'missing' | 'byIbanOnly' }) {
  const { t } = useTranslation('staffAccount');
  return (
    <Missing title={t(reason)} text={t(`${reason}Text`)} action={<LinkButton to="/staff">{t('toStart')}</LinkButton>} />
  );
}
