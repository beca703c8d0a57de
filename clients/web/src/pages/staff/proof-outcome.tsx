import type { Reconciliation } from '@florin/sdk';
import { Alert, Code, Stack, Text } from '@mantine/core';
import { CircleAlert, CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '../../format/dates.ts';
import { books } from '../../i18n/en/books.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { LinkAnchor } from '../../parts/links.tsx';

interface Latest extends Reconciliation {
  readonly lastFull?: Reconciliation;
}

type Finding = Reconciliation['findings'][number];

/** From here on seconds say more than milliseconds. */
const SECONDS_FROM_MS = 1_000;

/** What the last proof found, and how far it looked. */
export function ProofOutcome({ latest }: { readonly latest: Latest }) {
  const { t } = useTranslation('books');
  const locale = useLocale();
  const { mode, checkedAccounts, checkedPostings, startedAt } = latest;
  return (
    <Stack gap="md">
      <Verdict proof={latest} />
      <Facts>
        <Fact label={t('when')}>{formatMoment(startedAt, locale)}</Fact>
        <Fact label={t('mode')}>{t(`modeName.${mode}`)}</Fact>
        <Fact label={t('extent')}>
          {t('accounts', { count: checkedAccounts })}, {t('postings', { count: checkedPostings })}
        </Fact>
        <Fact label={t('took')}>
          <Duration ms={latest.durationMs} />
        </Fact>
        {mode === 'incremental' && (
          <Fact label={t('lastFull')}>
            <LastFull proof={latest.lastFull} />
          </Fact>
        )}
      </Facts>
      {latest.findings.length > 0 && <Findings findings={latest.findings} />}
    </Stack>
  );
}

function Verdict({ proof }: { readonly proof: Reconciliation }) {
  const { t } = useTranslation('books');
  if (proof.balanced) {
    return (
      <div>
        <Text fw={650} size="lg" className="sign-good">
          <CircleCheck size={22} aria-hidden /> {t('balanced')}
        </Text>
        <Text size="sm" c="dimmed">
          {t('proofText')}
        </Text>
      </div>
    );
  }
  return (
    <Alert
      color="red"
      variant="outline"
      role="alert"
      icon={<CircleAlert aria-hidden />}
      title={t('unbalanced', { count: proof.findings.length })}
    >
      {t('unbalancedText')}
    </Alert>
  );
}

function Duration({ ms }: { readonly ms: number }): ReactNode {
  const { t } = useTranslation('books');
  return ms < SECONDS_FROM_MS ? t('inMilliseconds', { count: ms }) : t('inSeconds', { count: Math.round(ms / 1_000) });
}

function LastFull({ proof }: { readonly proof: Reconciliation | undefined }): ReactNode {
  const { t } = useTranslation('books');
  const locale = useLocale();
  if (proof === undefined) return t('lastFullNever');
  const outcome = proof.balanced ? t('balanced') : t('unbalanced', { count: proof.findings.length });
  return t('lastFullValue', { time: formatMoment(proof.startedAt, locale), outcome });
}

function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const { t } = useTranslation('books');
  const columns: readonly Column<Finding>[] = [
    {
      id: 'what',
      head: t('finding'),
      isName: true,
      cell: ({ check }) => (isKnownCheck(check) ? t(`check.${check}`) : t('checkOther')),
    },
    { id: 'where', head: t('findingWhere'), cell: (finding) => <Subject finding={finding} /> },
    { id: 'detail', head: t('findingDetail'), cell: ({ detail }) => <Code>{detail}</Code> },
  ];
  return (
    <DataTable
      label={t('findings')}
      columns={columns}
      rows={findings}
      keyOf={({ check, subject, detail }) => `${check} ${subject} ${detail}`}
    />
  );
}

function isKnownCheck(check: string): check is keyof typeof books.check {
  return Object.hasOwn(books.check, check);
}

/** Where to look: the entry, the account, or the currency. */
function Subject({ finding: { check, subject } }: { readonly finding: Finding }) {
  const { t } = useTranslation('books');
  if (check === 'journal-sums-to-zero') {
    return (
      <LinkAnchor to="/staff/journals/$journalId" params={{ journalId: subject }} size="sm">
        {t('openJournal')}
      </LinkAnchor>
    );
  }
  if (check.startsWith('balance-') || check === 'held-is-open-holds') {
    return (
      <LinkAnchor to="/staff/accounts/$accountId" params={{ accountId: subject }} size="sm">
        {t('openAccount')}
      </LinkAnchor>
    );
  }
  return <Text size="sm">{subject}</Text>;
}
