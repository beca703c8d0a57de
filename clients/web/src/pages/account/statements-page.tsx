import './account.css';
import { systemClock, utcDate } from '@florin/primitives';
import type { Account } from '@florin/sdk';
import { Paper, Skeleton, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { accountQuery, statementsQuery } from '../../api/account-queries.ts';
import { bankDate, formatDate, formatMonth } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { BackLink } from '../../parts/back-link.tsx';
import { Nothing } from '../../parts/data-region.tsx';
import { Page } from '../../parts/page.tsx';
import { PagedRegion } from '../../parts/paged-region.tsx';
import { useIsPhone } from '../../parts/use-is-phone.ts';
import { useBank } from '../../session/use-bank.ts';
import { AccountMissing } from './account-missing.tsx';
import { firstStatement } from './first-statement.ts';
import { StatementCards } from './statement-cards.tsx';
import { StatementTable } from './statement-table.tsx';

/** The statements of an account, newest first, each to be had on paper or for a program. */
export function StatementsPage() {
  const { accountId } = useParams({ from: '/customer/accounts/$accountId/statements' });
  const { t } = useTranslation('statements');
  const { t: accountText } = useTranslation('account');
  const account = useQuery(accountQuery(useBank(), accountId));
  if (account.data === null) return <AccountMissing />;
  return (
    <Stack gap="xs">
      <BackLink to="/accounts/$accountId" params={{ accountId }}>
        {t('back', { account: account.data?.name ?? accountText('account') })}
      </BackLink>
      <Page title={t('title')} lead={t('lead')}>
        <Paper className="card" p={{ base: 'md', sm: 'lg' }}>
          <StatementList accountId={accountId} account={account.data} />
        </Paper>
      </Page>
    </Stack>
  );
}

function StatementList({ accountId, account }: { readonly accountId: string; readonly account: Account | undefined }) {
  const { t } = useTranslation('statements');
  const isPhone = useIsPhone();
  const statements = useInfiniteQuery(statementsQuery(useBank(), accountId));
  return (
    <PagedRegion
      query={statements}
      itemsOf={({ data }) => data}
      skeleton={<Skeleton h={240} />}
      nothing={() => <NoStatement account={account} />}
    >
      {(all) => (
        <Stack gap="md">
          {isPhone ? <StatementCards statements={all} /> : <StatementTable statements={all} />}
          <Text size="sm" c="dimmed">
            {t('formats')}
          </Text>
        </Stack>
      )}
    </PagedRegion>
  );
}

function NoStatement({ account }: { readonly account: Account | undefined }) {
  const { t } = useTranslation('statements');
  const locale = useLocale();
  if (account === undefined) return <Nothing title={t('none')} text="" />;
  const { month, day, isDue } = firstStatement(bankDate(new Date(account.openedAt)), utcDate(systemClock()));
  const text = isDue
    ? t('noneSoonText')
    : t('noneText', { month: formatMonth(month, locale), day: formatDate(day, locale) });
  return <Nothing title={t('none')} text={text} />;
}
