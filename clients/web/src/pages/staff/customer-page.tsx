import './staff.css';
import type { Account, Customer } from '@florin/sdk';
import { Button, Group, Skeleton, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { productsQuery } from '../../api/account-queries.ts';
import { customerAccountsQuery, customerQuery } from '../../api/staff-queries.ts';
import { formatDay } from '../../format/dates.ts';
import { formatIban } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { BackLink } from '../../parts/back-link.tsx';
import { Card } from '../../parts/card.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { isMissing } from '../../parts/is-missing.ts';
import { LinkAnchor, LinkButton } from '../../parts/links.tsx';
import { Missing } from '../../parts/missing.tsx';
import { Page } from '../../parts/page.tsx';
import { RowsSkeleton } from '../../parts/paged-region.tsx';
import { useBank, useHasRole } from '../../session/use-bank.ts';
import { DisclosureDialog } from './disclosure-dialog.tsx';

/** One customer: who it is and what they have. Each panel loads and fails alone. */
export function CustomerPage() {
  const { customerId } = useParams({ from: '/staff/customers/$customerId' });
  const { t } = useTranslation('staffCustomers');
  const { t: staff } = useTranslation('staff');
  const customer = useQuery(customerQuery(useBank(), customerId));
  const seesAccounts = useHasRole('teller', 'supervisor', 'auditor');
  if (customer.data === undefined && isMissing(customer.error)) return <CustomerMissing />;
  return (
    <Stack gap="xs">
      <BackLink to="/staff/customers">{staff('customers')}</BackLink>
      <Page title={customer.data?.name ?? staff('customer')}>
        <Card title={t('identity')}>
          <DataRegion query={customer} skeleton={<Skeleton h={120} />}>
            {(data) => <Identity customer={data} />}
          </DataRegion>
        </Card>
        {seesAccounts && <AccountsCard customerId={customerId} />}
      </Page>
    </Stack>
  );
}

function CustomerMissing() {
  const { t } = useTranslation('staffCustomers');
  return (
    <Missing
      title={t('missing')}
      text={t('missingText')}
      action={<LinkButton to="/staff/customers">{t('toCustomers')}</LinkButton>}
    />
  );
}

function Identity({ customer }: { readonly customer: Customer }) {
  const { t } = useTranslation('staffCustomers');
  const { t: staff } = useTranslation('staff');
  const locale = useLocale();
  return (
    <Facts>
      <Fact label={t('name')}>{customer.name}</Fact>
      <Fact label={t('email')}>
        <Email customer={customer} />
      </Fact>
      <Fact label={t('since')}>{formatDay(customer.registeredAt, locale)}</Fact>
      <Fact label={t('roles')}>{customer.roles.map((role) => staff(`role.${role}`)).join(', ')}</Fact>
      <Fact label={t('number')}>
        <Group gap={4} wrap="nowrap">
          <span>…{customer.id.slice(-8)}</span>
          <CopyButton value={customer.id} label={t('copyNumber')} />
        </Group>
      </Fact>
    </Facts>
  );
}

/** Masked, until whoever may see it has said why. */
function Email({ customer: { id, emailMasked } }: { readonly customer: Customer }) {
  const { t } = useTranslation('staffCustomers');
  const mayShow = useHasRole('teller', 'supervisor', 'fraud-analyst');
  const [isOpen, dialog] = useDisclosure();
  const [email, setEmail] = useState<string>();
  return (
    <Group gap="xs">
      {email === undefined ? <span title={t('emailMasked')}>{emailMasked}</span> : <span role="status">{email}</span>}
      {mayShow && email === undefined && (
        <Button variant="default" size="compact-sm" aria-label={t('showLabel')} onClick={dialog.open}>
          {t('show')}
        </Button>
      )}
      <DisclosureDialog customerId={id} opened={isOpen} onClose={dialog.close} onShown={setEmail} />
    </Group>
  );
}

function AccountsCard({ customerId }: { readonly customerId: string }) {
  const { t } = useTranslation('staffCustomers');
  const accounts = useQuery(customerAccountsQuery(useBank(), customerId));
  const columns = useAccountColumns();
  return (
    <Card title={t('accounts')}>
      <DataRegion
        query={accounts}
        skeleton={<RowsSkeleton rows={3} />}
        isEmpty={(data) => data.length === 0}
        empty={<Nothing title={t('noAccounts')} text={t('noAccountsText')} />}
      >
        {(data) => <DataTable label={t('accounts')} columns={columns} rows={data} keyOf={({ id }) => id} />}
      </DataRegion>
    </Card>
  );
}

function useAccountColumns(): readonly Column<Account>[] {
  const { t } = useTranslation('staffCustomers');
  const { t: account } = useTranslation('account');
  const products = useQuery(productsQuery(useBank())).data;
  return [
    {
      id: 'name',
      head: t('accountName'),
      isName: true,
      cell: ({ id, name, iban }) => (
        <LinkAnchor to="/staff/accounts/$accountId" params={{ accountId: id }} search={{ iban }}>
          {name}
        </LinkAnchor>
      ),
    },
    { id: 'product', head: t('product'), cell: ({ product }) => products?.find(({ code }) => code === product)?.name },
    {
      id: 'iban',
      head: t('iban'),
      cell: ({ iban }) => <span className="iban-text nowrap">{formatIban(iban)}</span>,
    },
    {
      id: 'available',
      head: t('available'),
      align: 'right',
      cell: ({ balance }) => <Amount money={balance.available} fw={600} />,
    },
    { id: 'posted', head: t('posted'), align: 'right', cell: ({ balance }) => <Amount money={balance.posted} /> },
    { id: 'status', head: t('status'), cell: ({ status }) => account(`status.${status}`) },
  ];
}
