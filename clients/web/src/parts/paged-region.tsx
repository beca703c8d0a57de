import { Button, Skeleton, Stack } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { DataRegion } from './data-region.tsx';
import { ProblemNotice } from './problem-notice.tsx';

/** What the bank answers page by page. */
export interface ItemPage<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
}

interface PagedRegionProps<Item> {
  readonly query: UseInfiniteQueryResult<InfiniteData<ItemPage<Item>>>;
  readonly skeleton: ReactNode;
  /** What stands there when nothing was found, or nothing yet because there is more to look through. */
  readonly nothing: (isWhole: boolean) => ReactNode;
  readonly children: (items: readonly Item[]) => ReactNode;
}

/**
 * Data that comes a page at a time, in each of its states. A page that holds nothing may still have a next one, so the
 * end is only what the bank says it is. A next page that failed says so below what is there.
 */
export function PagedRegion<Item>({ query, skeleton, nothing, children }: PagedRegionProps<Item>) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError } = query;
  const items = data?.pages.flatMap((page) => page.data) ?? [];
  const showMore = useMoreWithFocus(frame, items.length, query.fetchNextPage);
  const region = {
    data: data === undefined ? undefined : items,
    error: isFetchNextPageError ? null : query.error,
    isPending: query.isPending,
    dataUpdatedAt: query.dataUpdatedAt,
    refetch: query.refetch,
  };
  return (
    <DataRegion query={region} skeleton={skeleton}>
      {(found) => (
        <Stack gap="md">
          {found.length === 0 ? nothing(!hasNextPage) : <div ref={frame}>{children(found)}</div>}
          {isFetchNextPageError && <ProblemNotice error={query.error} title={t('failedTitle')} />}
          {hasNextPage && (
            <Button variant="default" loading={isFetchingNextPage} onClick={showMore} style={{ alignSelf: 'center' }}>
              {t('showMore')}
            </Button>
          )}
        </Stack>
      )}
    </DataRegion>
  );
}

/** Asks for more, and moves the focus to the first row that is new, so that reading goes on where it stopped. */
function useMoreWithFocus(
  frame: React.RefObject<HTMLDivElement | null>,
  count: number,
  fetchNextPage: () => Promise<unknown>,
): () => void {
  const countBefore = useRef<number>(undefined);
  useEffect(() => {
    if (countBefore.current === undefined || count <= countBefore.current) return;
    const row = frame.current?.querySelectorAll('tbody tr')[countBefore.current];
    row?.querySelector('a')?.focus({ preventScroll: true });
    countBefore.current = undefined;
  }, [count, frame]);
  return () => {
    countBefore.current = count;
    void fetchNextPage();
  };
}

const ROWS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'] as const;

/** Rows to come; at most eight, which is more than what is seen of them. */
export function RowsSkeleton({ rows }: { readonly rows: number }) {
  return (
    <Stack gap="xs">
      {ROWS.slice(0, rows).map((name) => (
        <Skeleton key={name} h={44} />
      ))}
    </Stack>
  );
}
