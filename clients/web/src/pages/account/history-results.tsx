import type { Account } from '@florin/sdk';
import { Button, Loader, Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { HistorySearch } from '../../api/history-search.ts';
import type { HistoryStretch } from '../../api/history-stretch.ts';
import { DataRegion } from '../../parts/data-region.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { HowFar, NothingFound } from './history-end.tsx';
import { HistoryList } from './history-list.tsx';

const SKELETONS = ['one', 'two', 'three', 'four', 'five', 'six'];

interface HistoryResultsProps {
  readonly accountId: string;
  readonly account: Account | undefined;
  readonly search: HistorySearch;
  readonly history: UseInfiniteQueryResult<InfiniteData<HistoryStretch>>;
  readonly onClear: () => void;
}

/** What was found, how far back that goes, and how to get further. */
export function HistoryResults(props: HistoryResultsProps) {
  const { history } = props;
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
      {({ pages }) => <Found {...props} stretches={pages} />}
    </DataRegion>
  );
}

function Found({
  accountId,
  account,
  search,
  history,
  stretches,
  onClear,
}: HistoryResultsProps & { readonly stretches: readonly HistoryStretch[] }) {
  const list = useRef<HTMLDivElement>(null);
  const lines = stretches.flatMap((stretch) => stretch.lines);
  const searchedBackTo = stretches.at(-1)?.searchedBackTo;
  const loadMore = useMoreWithFocus(list, lines.length, history.fetchNextPage);
  const end = {
    account,
    isFiltered: Object.keys(search).length > 0,
    isWhole: !history.hasNextPage,
  };
  const isOld = history.isPlaceholderData;
  return (
    <div aria-busy={isOld} className={isOld ? 'results-old' : undefined}>
      <FoundCount count={lines.length} isWhole={end.isWhole} isOld={isOld} />
      {lines.length === 0 ? (
        <NothingFound {...end} onClear={onClear} />
      ) : (
        <div ref={list}>
          <HistoryList accountId={accountId} lines={lines} search={search} />
        </div>
      )}
      <Stack align="center" gap="xs" mt="md">
        <HowFar {...end} isEmpty={lines.length === 0} searchedBackTo={searchedBackTo} />
        {history.isFetchNextPageError && <MoreFailed error={history.error} />}
        {history.hasNextPage && (
          <MoreButton
            isSearching={searchedBackTo !== undefined}
            isLoading={history.isFetchingNextPage}
            onMore={loadMore}
          />
        )}
      </Stack>
    </div>
  );
}

interface MoreButtonProps {
  /** The page before was not full: going on means searching, not turning a page. */
  readonly isSearching: boolean;
  readonly isLoading: boolean;
  readonly onMore: () => void;
}

function MoreButton({ isSearching, isLoading, onMore }: MoreButtonProps) {
  const { t } = useTranslation('history');
  const { t: shell } = useTranslation();
  const label = isSearching ? t('searchFurther') : shell('showMore');
  // Not disabled meanwhile: that would take the focus away, and nothing may come to give it to.
  return (
    <Button
      variant="default"
      aria-disabled={isLoading}
      leftSection={isLoading && <Loader size="xs" aria-hidden />}
      onClick={isLoading ? undefined : onMore}
    >
      {isLoading ? shell('loadingMore') : label}
    </Button>
  );
}

function MoreFailed({ error }: { readonly error: unknown }) {
  const { t } = useTranslation('history');
  return <ProblemNotice error={error} title={t('moreFailed')} />;
}

interface FoundCountProps {
  readonly count: number;
  readonly isWhole: boolean;
  readonly isOld: boolean;
}

/** Says to who does not see the list how much of it there is now. */
function FoundCount({ count, isWhole, isOld }: FoundCountProps) {
  const { t } = useTranslation('history');
  return <VisuallyHidden role="status">{isOld ? '' : t(isWhole ? 'found' : 'foundMore', { count })}</VisuallyHidden>;
}

/** Asks for more, and moves the focus to the first line that is new, so that reading goes on where it stopped. */
function useMoreWithFocus(
  list: RefObject<HTMLDivElement | null>,
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
