import { Button, Skeleton, Stack } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { DataRegion } from './data-region.tsx';
import { ProblemNotice } from './problem-notice.tsx';

interface PagedRegionProps<Page, Item> {
  readonly query: UseInfiniteQueryResult<InfiniteData<Page>>;
  readonly itemsOf: (page: Page) => readonly Item[];
  readonly skeleton: ReactNode;
  /** What stands there when nothing was found, or nothing yet because there is more to look through. */
  readonly nothing: (isWhole: boolean) => ReactNode;
  /** What there is to say about how far one has got. */
  readonly note?: ReactNode;
  readonly children: (items: readonly Item[]) => ReactNode;
}

/**
 * Data that comes a page at a time, in each of its states. A page that holds nothing may still have a next one, so the
 * end is only what the bank says it is. A next page that failed says so below what is there.
 */
export function PagedRegion<Page, Item>(props: PagedRegionProps<Page, Item>) {
  const { query, itemsOf, skeleton } = props;
  const { data, isFetchNextPageError } = query;
  const region = {
    data: data?.pages.flatMap(itemsOf),
    error: isFetchNextPageError ? null : query.error,
    isPending: query.isPending,
    dataUpdatedAt: query.dataUpdatedAt,
    refetch: query.refetch,
  };
  return (
    <DataRegion query={region} skeleton={skeleton}>
      {(items) => <Pages {...props} items={items} />}
    </DataRegion>
  );
}

function Pages<Page, Item>({
  query,
  nothing,
  note,
  items,
  children,
}: PagedRegionProps<Page, Item> & { readonly items: readonly Item[] }) {
  const { t } = useTranslation();
  const frame = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, isPlaceholderData } = query;
  const showMore = useMoreWithFocus(frame, items.length, query.fetchNextPage);
  return (
    <Stack gap="md" aria-busy={isPlaceholderData} style={isPlaceholderData ? { opacity: OLD_OPACITY } : undefined}>
      {items.length === 0 ? nothing(!hasNextPage) : <div ref={frame}>{children(items)}</div>}
      {query.isFetchNextPageError && <ProblemNotice error={query.error} title={t('failedTitle')} />}
      {note}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={showMore} style={{ alignSelf: 'center' }}>
          {t('showMore')}
        </Button>
      )}
    </Stack>
  );
}

/** What was found before stands there until what is asked for now is. */
const OLD_OPACITY = 0.55;

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
