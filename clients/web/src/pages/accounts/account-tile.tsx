import type { Account } from '@florin/sdk';
import { Group, Paper, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AccountStatus } from '../../parts/account-status.tsx';
import { Figure, Figures } from '../../parts/facts.tsx';
import { Iban } from '../../parts/iban.tsx';

/** One account. The whole tile leads to it, but for the button that copies its IBAN. */
export function AccountTile({ account, product }: { readonly account: Account; readonly product: string | undefined }) {
  const { t } = useTranslation('account');
  const { available, posted, held } = account.balance;
  return (
    <Paper className="card account-card tile" p={{ base: 'md', sm: 'lg' }}>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <div className="tile-name">
          <Title order={3} size="h5" lineClamp={2}>
            <Link to="/accounts/$accountId" params={{ accountId: account.id }} className="tile-link">
              {account.name}
            </Link>
          </Title>
          <Text size="sm" c="dimmed" truncate>
            {product ?? '\u00a0'}
          </Text>
        </div>
        <AccountStatus status={account.status} />
      </Group>
      <div className="tile-iban">
        <Iban iban={account.iban} />
      </div>
      <Figures>
        <Figure label={t('available')} money={available} isMain />
        <Figure label={t('posted')} money={posted} />
        <Figure label={t('held')} money={held} />
      </Figures>
    </Paper>
  );
}
