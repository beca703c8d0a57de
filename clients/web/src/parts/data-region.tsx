import { Alert, Button, Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '../format/dates.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { ProblemNotice } from './problem-notice.tsx';

/** What a region needs to know of a query, whether it reads one page or many. */
export interface Reading<Data> {
  readonly data: Data | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly dataUpdatedAt: number;
  refetch(): unknown;
}

interface DataRegionProps<Data> {
  readonly query: Reading<Data>;
  /** In the shape of what is to come, so that nothing jumps. */
  readonly skeleton: ReactNode;
  /** What stands there when there is nothing; undefined from `isEmpty` means there is something. */
  readonly isEmpty?: (data: Data) => boolean;
  readonly empty?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/**
 * A part of a page that shows data, in each of its states: loading, failed, empty, there, and there but old. Each part
 * fails alone, and a failed one never looks like an empty one.
 */
export function DataRegion<Data>({ query, skeleton, isEmpty, empty, children }: DataRegionProps<Data>) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = query;
  if (data !== undefined) {
    return (
      <>
        {error !== null && <StaleNotice at={query.dataUpdatedAt} onRetry={() => void refetch()} />}
        {isEmpty?.(data) === true ? empty : children(data)}
      </>
    );
  }
  if (isPending) {
    return (
      <div aria-busy="true" data-state="loading">
        <VisuallyHidden role="status">{t('loading')}</VisuallyHidden>
        {skeleton}
      </div>
    );
  }
  return <ProblemNotice error={error} title={t('failedTitle')} onRetry={() => void refetch()} />;
}

function StaleNotice({ at, onRetry }: { readonly at: number; readonly onRetry: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <Alert color="yellow" variant="outline" mb="sm" role="status" data-state="stale">
      <Group justify="space-between">
        <Text size="sm">{t('staleSince', { time: formatMoment(new Date(at).toISOString(), locale) })}</Text>
        <Button size="xs" variant="default" onClick={onRetry}>
          {t('tryAgain')}
        </Button>
      </Group>
    </Alert>
  );
}

/** Nothing there, or nothing that passes the filters: why, and what to do next. */
export function Nothing({
  title,
  text,
  action,
  state = 'empty',
}: {
  readonly title: string;
  readonly text: string;
  readonly action?: ReactNode;
  readonly state?: 'empty' | 'filtered';
}) {
  return (
    <Stack align="center" gap="xs" py="xl" data-state={state}>
      <Text fw={600} ta="center">
        {title}
      </Text>
      <Text c="dimmed" size="sm" ta="center" maw={420}>
        {text}
      </Text>
      {action}
    </Stack>
  );
}
