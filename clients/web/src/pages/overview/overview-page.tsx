import { Grid, Group, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CalendarClock, Send } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { accountsQuery } from '../../api/queries.ts';
import { LinkButton } from '../../parts/links.tsx';
import { Page } from '../../parts/page.tsx';
import { useBank, useUser } from '../../session/use-bank.ts';
import { AccountCards } from './account-cards.tsx';
import { BalanceCard } from './balance-card.tsx';
import { RecentCard } from './recent-card.tsx';
import { SpendingCard } from './spending-card.tsx';

/** Everything one looks for first: what there is, what happened, where it went. Each card loads and fails alone. */
export function OverviewPage() {
  const { t } = useTranslation('overview');
  const { name } = useUser();
  const accounts = useQuery(accountsQuery(useBank()));
  const first = accounts.data?.[0];
  return (
    <Page title={t('greeting', { name: name.split(' ', 1).join('') })} action={<QuickActions />}>
      <AccountCards accounts={accounts} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="lg">
            {first && <BalanceCard account={first} />}
            <RecentCard />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <SpendingCard />
        </Grid.Col>
      </Grid>
    </Page>
  );
}

function QuickActions() {
  const { t } = useTranslation('overview');
  return (
    <Group gap="sm">
      <LinkButton to="/send" leftSection={<Send size={18} aria-hidden />}>
        {t('quickSend')}
      </LinkButton>
      <LinkButton
        to="/standing-orders"
        variant="default"
        leftSection={<CalendarClock size={18} aria-hidden />}
        visibleFrom="sm"
      >
        {t('quickStanding')}
      </LinkButton>
    </Group>
  );
}
