import { systemClock, utcDate } from '@florin/primitives';
import type { Posting } from '@florin/sdk';
import { Text, Title, VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { HistorySearch } from '../../api/history-search.ts';
import { formatLongDate } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { CategoryMark } from '../../parts/category-mark.tsx';
import { usePostingTitle } from '../../parts/posting-row.tsx';
import { groupByDay } from './history-days.ts';
import { daysBefore } from './periods.ts';

interface HistoryListProps {
  readonly accountId: string;
  readonly lines: readonly Posting[];
  /** Goes along to the movement and comes back with it. */
  readonly search: HistorySearch;
}

/** Movements by day, newest first. */
export function HistoryList({ accountId, lines, search }: HistoryListProps) {
  const { t } = useTranslation('history');
  const titleOf = usePostingTitle();
  const today = utcDate(systemClock());
  return (
    <>
      <div className="history-heads" aria-hidden>
        <span>{t('amount')}</span>
        <span>{t('balanceAfter')}</span>
      </div>
      {groupByDay(lines).map((day, index) => (
        <section key={`${day.date} ${day.lines[0]?.id ?? index}`}>
          <DayHeading date={day.date} today={today} />
          <ul className="plain-list">
            {day.lines.map((posting) => (
              <li key={posting.id}>
                <HistoryRow accountId={accountId} posting={posting} title={titleOf(posting)} search={search} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function DayHeading({ date, today }: { readonly date: string; readonly today: string }) {
  const { t } = useTranslation('history');
  const locale = useLocale();
  const near = date === today ? t('today') : date === daysBefore(today, 1) ? t('yesterday') : undefined;
  const long = formatLongDate(date, locale);
  return (
    <Title order={3} size="sm" c="dimmed" className="history-day">
      {near === undefined ? long : `${near} · ${long}`}
    </Title>
  );
}

interface HistoryRowProps {
  readonly accountId: string;
  readonly posting: Posting;
  /** Who or what is on the other side. */
  readonly title: string;
  readonly search: HistorySearch;
}

function HistoryRow({ accountId, posting, title, search }: HistoryRowProps) {
  const { t } = useTranslation('history');
  const { t: account } = useTranslation('account');
  const category = posting.category ?? 'other';
  const words = [posting.reference, account(`category.${category}`)].filter((text) => text !== '');
  const about = [...new Set(words)].join(' · ');
  return (
    <Link
      to="/accounts/$accountId/transactions/$transactionId"
      params={{ accountId, transactionId: posting.id }}
      search={search}
      className="row-link history-row"
    >
      <CategoryMark category={category} />
      <span className="history-words">
        <Text component="span" fw={550} truncate title={title}>
          {title}
        </Text>
        <Text component="span" size="sm" c="dimmed" truncate title={about}>
          {about}
        </Text>
      </span>
      <Amount money={posting.amount} signed fw={600} className="amount history-amount" />
      <span className="history-balance">
        <VisuallyHidden>{t('balanceAfter')}</VisuallyHidden>
        <Amount money={posting.balanceAfter} size="sm" c="dimmed" />
      </span>
    </Link>
  );
}
