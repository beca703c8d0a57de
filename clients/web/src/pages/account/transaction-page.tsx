import './account.css';
import type { Account, Posting } from '@florin/sdk';
import { Paper, Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { Repeat } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { accountQuery, transactionQuery } from '../../api/account-queries.ts';
import type { HistorySearch } from '../../api/history-search.ts';
import { BackLink } from '../../parts/back-link.tsx';
import { DataRegion } from '../../parts/data-region.tsx';
import { isMissing } from '../../parts/is-missing.ts';
import { LinkButton } from '../../parts/links.tsx';
import { Missing } from '../../parts/missing.tsx';
import { Page } from '../../parts/page.tsx';
import { usePostingTitle } from '../../parts/posting-row.tsx';
import { useBank } from '../../session/use-bank.ts';
import { sendAgain } from './send-again.ts';
import { SupportDetails } from './support-details.tsx';
import { TransactionFacts } from './transaction-facts.tsx';
import { TransferStatus } from './transfer-status.tsx';

const FROM = '/customer/accounts/$accountId/transactions/$transactionId';

/** One movement of an account: all that is known of it. */
export function TransactionPage() {
  const { t } = useTranslation('transaction');
  const { t: accountText } = useTranslation('account');
  const { accountId, transactionId } = useParams({ from: FROM });
  const search = useSearch({ from: FROM });
  const bank = useBank();
  const titleOf = usePostingTitle();
  const account = useQuery(accountQuery(bank, accountId)).data;
  const posting = useQuery(transactionQuery(bank, accountId, transactionId));
  const { data } = posting;
  if (data === undefined && isMissing(posting.error)) {
    return <TransactionMissing accountId={accountId} search={search} />;
  }
  return (
    <Stack gap="xs">
      <BackLink to="/accounts/$accountId" params={{ accountId }} search={search}>
        {t('back', { account: account?.name ?? accountText('account') })}
      </BackLink>
      <Page
        title={data === undefined ? t('title') : titleOf(data)}
        action={account && data && <SendAgainButton account={account} posting={data} />}
      >
        <DataRegion query={posting} skeleton={<Skeleton h={420} radius="lg" />}>
          {(loaded) => (
            <Paper className="card" p={{ base: 'md', sm: 'lg' }} maw={720}>
              <Stack gap="lg">
                <TransactionFacts posting={loaded} />
                {loaded.transferId !== undefined && <TransferStatus transferId={loaded.transferId} />}
                <SupportDetails posting={loaded} />
              </Stack>
            </Paper>
          )}
        </DataRegion>
      </Page>
    </Stack>
  );
}

function SendAgainButton({ account, posting }: { readonly account: Account; readonly posting: Posting }) {
  const { t } = useTranslation('transaction');
  const search = sendAgain(account, posting);
  if (search === undefined) return null;
  return (
    <LinkButton to="/send" search={search} leftSection={<Repeat size={18} aria-hidden />}>
      {t('sendAgain')}
    </LinkButton>
  );
}

function TransactionMissing({ accountId, search }: { readonly accountId: string; readonly search: HistorySearch }) {
  const { t } = useTranslation('transaction');
  return (
    <Missing
      title={t('missing')}
      text={t('missingText')}
      action={
        <LinkButton to="/accounts/$accountId" params={{ accountId }} search={search}>
          {t('toAccount')}
        </LinkButton>
      }
    />
  );
}
