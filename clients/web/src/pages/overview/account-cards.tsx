import type { Account } from '@florin/sdk';
import { Group, Paper, Skeleton, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { signOf } from '../../format/money.ts';
import { AccountStatus } from '../../parts/account-status.tsx';
import { Amount } from '../../parts/amount.tsx';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { LinkButton, LinkPaper } from '../../parts/links.tsx';

/** As many as most people have. */
const SKELETONS = ['one', 'two', 'three'];

/** Each account with what one can spend from it. */
export function AccountCards({ accounts }: { readonly accounts: UseQueryResult<readonly Account[]> }) {
  const { t } = useTranslation('overview');
  return (
    <section aria-label={t('yourAccounts')}>
      <DataRegion
        query={accounts}
        skeleton={
          <div className="account-grid">
            {SKELETONS.map((name) => (
              <Skeleton key={name} h={124} radius="lg" />
            ))}
          </div>
        }
        isEmpty={(data) => data.length === 0}
        empty={
          <Paper className="card">
            <Nothing
              title={t('noAccounts')}
              text={t('noAccountsText')}
              action={<LinkButton to="/accounts">{t('openFirst')}</LinkButton>}
            />
          </Paper>
        }
      >
        {(data) => (
          <div className="account-grid">
            {data.map((account) => (
              <AccountCard key={account.id} account={account} />
            ))}
          </div>
        )}
      </DataRegion>
    </section>
  );
}

function AccountCard({ account }: { readonly account: Account }) {
  const { t } = useTranslation('overview');
  const { available, held } = account.balance;
  return (
    <LinkPaper to="/accounts/$accountId" params={{ accountId: account.id }} className="card account-card" p="lg">
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text fw={600} truncate>
          {account.name}
        </Text>
        <AccountStatus status={account.status} />
      </Group>
      <Text size="sm" c="dimmed" mt="md">
        {t('available')}
      </Text>
      <Amount money={available} fz={26} fw={700} lh={1.2} />
      {signOf(held) !== 'none' && (
        <Text size="sm" c="dimmed">
          {t('held')} <Amount money={held} />
        </Text>
      )}
    </LinkPaper>
  );
}
