import './staff.css';
import type { JournalDetail } from '@florin/sdk';
import { Skeleton, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { journalQuery } from '../../api/staff-queries.ts';
import { formatMoment } from '../../format/dates.ts';
import { formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { BackLink } from '../../parts/back-link.tsx';
import { DataRegion } from '../../parts/data-region.tsx';
import { isMissing } from '../../parts/is-missing.ts';
import { LinkButton } from '../../parts/links.tsx';
import { Missing } from '../../parts/missing.tsx';
import { Page } from '../../parts/page.tsx';
import { useBank } from '../../session/use-bank.ts';
import { JournalFacts } from './journal-facts.tsx';
import { JournalLinks } from './journal-links.tsx';
import { JournalPostings } from './journal-postings.tsx';
import { TakeBack } from './take-back.tsx';

/** One entry of the ledger: both of its sides, who asked for it, and what belongs to it. */
export function JournalPage() {
  const { journalId } = useParams({ from: '/staff/journals/$journalId' });
  // With a key, nothing of one entry is shown, and no dialog about it stays open, while another one loads.
  return <JournalView journalId={journalId} key={journalId} />;
}

function JournalView({ journalId }: { readonly journalId: string }) {
  const { t } = useTranslation('journals');
  const locale = useLocale();
  const journal = useQuery(journalQuery(useBank(), journalId));
  const { data } = journal;
  if (data === undefined && isMissing(journal.error)) return <JournalMissing />;
  return (
    <Stack gap="xs">
      <BackLink to="/staff/journals">{t('title')}</BackLink>
      <Page
        title={data === undefined ? t('journal') : titleOf(data)}
        lead={data && formatMoment(data.bookedAt, locale)}
        action={data && <TakeBack journal={data} />}
      >
        <DataRegion query={journal} skeleton={<Skeleton h={320} radius="lg" />}>
          {(loaded) => (
            <>
              <JournalPostings journal={loaded} />
              <div className="staff-panels">
                <JournalFacts journal={loaded} />
                <JournalLinks journal={loaded} />
              </div>
            </>
          )}
        </DataRegion>
      </Page>
    </Stack>
  );

  function titleOf({ kind, amount }: JournalDetail): string {
    return t('titleOf', { kind: t(`kind.${kind}`), amount: formatMoney(amount, locale) });
  }
}

function JournalMissing() {
  const { t } = useTranslation('journals');
  return (
    <Missing
      title={t('missing')}
      text={t('missingText')}
      action={<LinkButton to="/staff/journals">{t('toJournals')}</LinkButton>}
    />
  );
}
