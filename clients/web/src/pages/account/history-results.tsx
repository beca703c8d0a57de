import { Button, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistorySearch } from '../../api/history-search.ts';
import type { HistoryStretch } from '../../api/history-stretch.ts';
import { bankDate, formatDate } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { HistoryList } from './history-list.tsx';

const SKELETONS = ['one', 'two', 'three', 'four', 'five', 'six'];

interface HistoryResultsProps {
  readonly accountId: string;
  readonly openedAt: string | undefined;
  readonly search: HistorySearch;
  readonly history: UseInfiniteQueryResult<InfiniteData<HistoryStretch>>;
  readonly onClear: () => void;
}

/** What was found, how far back that goes, and how to get further. */
export function HistoryResults({ accountId, openedAt, search, history, onClear }: HistoryResultsProps) {
  const region = {
    data: history.data,
    // A next page that failed says so where it would have been; what is shown is as fresh as it was.
    error: history.isFetchNextPageError ? null : history.error,
    isPending: history.isPending,
    dataUpdatedAt: history.dataUpdatedAt,
    refetch: history.refetch,
  };
  return (
    <DataRegion
      query={region}
      skeleton={
        <Stack gap="xs">
          {SKELETONS.map((name) => (
            <Skeleton key={name} h={56} />
          ))}
        </Stack>
      }
    >
      {(data) => (
        <Found
          accountId={accountId}
          openedAt={openedAt}
          search={search}
          history={history}
          data={data}
          onClear={onClear}
        />
      )}
    </DataRegion>
  );
}

function Found({
  accountId,
  openedAt,
  search,
  history,
  data,
  onClear,
}: HistoryResultsProps & {
  readonly data: InfiniteData<HistoryStretch>;
}) {
  const list = useRef<HTMLDivElement>(null);
  const lines = data.pages.flatMap((page) => page.lines);
  const last = data.pages.at(-1);
  const isFiltered = Object.keys(search).length > 0;
  const loadMore = useMoreWithFocus(list, lines.length, history.fetchNextPage);
  return (
    <div
      aria-busy={history.isPlaceholderData}
      className={history.isPlaceholderData ? 'results results-old' : 'results'}
    >
      <FoundCount count={lines.length} isWhole={!history.hasNextPage} isOld={history.isPlaceholderData} />
      {lines.length > 0 && (
        <div ref={list}>
          <HistoryList accountId={accountId} lines={lines} search={search} />
        </div>
      )}
      {lines.length === 0 && <NothingFound isFiltered={isFiltered} isWhole={!history.hasNextPage} onClear={onClear} />}
      <Stack align="center" gap="xs" mt="md">
        <HowFar
          searchedBackTo={last?.searchedBackTo}
          isWhole={!history.hasNextPage}
          isFiltered={isFiltered}
          isEmpty={lines.length === 0}
          openedAt={openedAt}
        />
        {history.isFetchNextPageError && <MoreFailed error={history.error} />}
        {history.hasNextPage && <MoreButton stretch={last} isLoading={history.isFetchingNextPage} onMore={loadMore} />}
      </Stack>
    </div>
  );
}

function MoreButton({
  stretch,
  isLoading,
  onMore,
}: {
  readonly stretch: HistoryStretch | undefined;
  readonly isLoading: boolean;
  readonly onMore: () => void;
}) {
  const { t } = useTranslation('history');
  const { t: shell } = useTranslation();
  const isSearching = stretch?.searchedBackTo !== undefined;
  return (
    <Button variant="default" loading={isLoading} onClick={onMore}>
      {isSearching ? t('searchFurther') : shell('showMore')}
    </Button>
  );
}

function MoreFailed({ error }: { readonly error: unknown }) {
  const { t } = useTranslation('history');
  return <ProblemNotice error={error} title={t('moreFailed')} />;
}

/** Says to who does not see the list how much of it there is now. */
function FoundCount({
  count,
  isWhole,
  isOld,
}: {
  readonly count: number;
  readonly isWhole: boolean;
  readonly isOld: boolean;
}) {
  const { t } = useTranslation('history');
  return <VisuallyHidden role="status">{isOld ? '' : t(isWhole ? 'found' : 'foundMore', { count })}</VisuallyHidden>;
}

function NothingFound({
  isFiltered,
  isWhole,
  onClear,
}: {
  readonly isFiltered: boolean;
  readonly isWhole: boolean;
  readonly onClear: () => void;
}) {
  const { t } = useTranslation('history');
  const { t: shell } = useTranslation();
  if (!isFiltered) return <Nothing title={t('none')} text={t('noneText')} />;
  return (
    <Nothing
      state="filtered"
      title={t(isWhole ? 'nothingFound' : 'nothingFoundYet')}
      text={t('nothingFoundText')}
      action={
        <Button variant="default" onClick={onClear}>
          {shell('clearFilters')}
        </Button>
      }
    />
  );
}

/** Where the search has got to, or that this is the end. */
function HowFar({
  searchedBackTo,
  isWhole,
  isFiltered,
  isEmpty,
  openedAt,
}: {
  readonly searchedBackTo: string | undefined;
  readonly isWhole: boolean;
  readonly isFiltered: boolean;
  readonly isEmpty: boolean;
  readonly openedAt: string | undefined;
}) {
  const { t } = useTranslation('history');
  const locale = useLocale();
  const dayOf = (moment: string) => formatDate(bankDate(new Date(moment)), locale);
  let text: string | undefined;
  if (!isWhole) text = searchedBackTo && t('searchedBackTo', { day: dayOf(searchedBackTo) });
  else if (!isEmpty) text = isFiltered ? t('allFound') : openedAt && t('begin', { day: dayOf(openedAt) });
  return text === undefined ? null : (
    <Text size="sm" c="dimmed" ta="center">
      {text}
    </Text>
  );
}

/** Asks for more, and moves the focus to the first line that is new, so that reading goes on where it stopped. */
function useMoreWithFocus(
  list: React.RefObject<HTMLDivElement | null>,
  count: number,
  fetchNextPage: () => Promise<unknown>,
): () => void {
  const countBefore = useRef<number>(undefined);
  useEffect(() => {
    if (countBefore.current === undefined || count <= countBefore.current) return;
    const rows = list.current?.querySelectorAll<HTMLAnchorElement>('a.row-link');
    rows?.[countBefore.current]?.focus({ preventScroll: true });
    countBefore.current = undefined;
  }, [count, list]);
  return () => {
    countBefore.current = count;
    void fetchNextPage();
  };
}
