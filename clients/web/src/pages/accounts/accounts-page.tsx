import './accounts.css';
import { Button, Group, Paper, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { productsQuery } from '../../api/account-queries.ts';
import { accountsQuery } from '../../api/queries.ts';
import { currencyName } from '../../format/currencies.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { Page } from '../../parts/page.tsx';
import { useBank } from '../../session/use-bank.ts';
import { type AccountGroup, groupAccounts } from './account-groups.ts';
import { AccountTile } from './account-tile.tsx';
import { OpenAccountDialog } from './open-account-dialog.tsx';

const COLUMNS = { base: 1, md: 2 };
const SKELETONS = ['one', 'two'];

/** Every account of the customer, by currency, and the way to another one. */
export function AccountsPage() {
  const { t } = useTranslation('accounts');
  const [isOpening, opening] = useDisclosure();
  const accounts = useQuery(accountsQuery(useBank()));
  const openButton = (
    <Button onClick={opening.open} leftSection={<Plus size={18} aria-hidden />}>
      {t('open')}
    </Button>
  );
  const hasNone = accounts.data?.length === 0;
  return (
    <Page title={t('title')} action={hasNone ? undefined : openButton}>
      <DataRegion
        query={accounts}
        skeleton={
          <SimpleGrid cols={COLUMNS}>
            {SKELETONS.map((name) => (
              <Skeleton key={name} h={212} radius="lg" />
            ))}
          </SimpleGrid>
        }
        isEmpty={(data) => data.length === 0}
        empty={
          <Paper className="card">
            <Nothing title={t('none')} text={t('noneText')} action={openButton} />
          </Paper>
        }
      >
        {(data) => (
          <Stack gap="xl">
            {groupAccounts(data).map((group) => (
              <CurrencyAccounts key={group.currency} group={group} />
            ))}
          </Stack>
        )}
      </DataRegion>
      <OpenAccountDialog opened={isOpening} onClose={opening.close} />
    </Page>
  );
}

function CurrencyAccounts({ group }: { readonly group: AccountGroup }) {
  const { t } = useTranslation('accounts');
  const locale = useLocale();
  const products = useQuery(productsQuery(useBank()));
  const name = currencyName(group.currency, locale);
  const headingId = `accounts-in-${group.currency}`;
  return (
    <section aria-labelledby={headingId}>
      <Group justify="space-between" align="baseline" gap="xs" mb="sm">
        <Title order={2} size="h4" id={headingId}>
          {name}
        </Title>
        {group.available && (
          <Text size="sm" c="dimmed">
            {t('together')} <Amount money={group.available} fw={600} />
          </Text>
        )}
      </Group>
      <SimpleGrid cols={COLUMNS} component="ul" className="plain-list">
        {group.accounts.map((account) => (
          <li key={account.id}>
            <AccountTile
              account={account}
              product={products.data?.find((product) => product.code === account.product)?.name}
            />
          </li>
        ))}
      </SimpleGrid>
    </section>
  );
}
