import './notices.css';
import { Button, Paper, Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { CheckCheck } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { noticesQuery } from '../../api/notice-queries.ts';
import { Nothing } from '../../parts/data-region.tsx';
import { LinkButton } from '../../parts/links.tsx';
import { Page } from '../../parts/page.tsx';
import { PagedRegion, RowsSkeleton } from '../../parts/paged-region.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { NoticeItem } from './notice-item.tsx';
import { useReading } from './use-reading.ts';

/** What the bank has told the customer, the newest first. */
export function NoticesPage() {
  const { t } = useTranslation('notices');
  const notices = useInfiniteQuery(noticesQuery(useBank()));
  const reading = useReading();
  const list = useRef<HTMLDivElement>(null);
  const unread = notices.data?.pages[0]?.unreadCount;
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      action={
        unread !== undefined &&
        unread > 0 && (
          <Button
            leftSection={<CheckCheck size={18} aria-hidden />}
            loading={reading.isReadingAll}
            onClick={() => {
              // The button is about to go.
              list.current?.focus();
              reading.readAll();
            }}
          >
            {t('markAll')}
          </Button>
        )
      }
    >
      {reading.error !== null && <ProblemNotice error={reading.error} title={t('markFailed')} />}
      <p role="status" className="said-here notice-status">
        {reading.said}
      </p>
      <Paper component="section" className="card quiet-focus" aria-label={t('list')} ref={list} tabIndex={-1}>
        <PagedRegion
          query={notices}
          itemsOf={({ data }) => data}
          skeleton={
            <Stack p="md">
              <RowsSkeleton rows={6} />
            </Stack>
          }
          nothing={() => (
            <Nothing
              title={t('none')}
              text={t('noneText')}
              action={
                <LinkButton to="/" variant="default">
                  {t('toOverview')}
                </LinkButton>
              }
            />
          )}
        >
          {(found) => (
            <ul className="plain-list">
              {found.map((notice) => (
                <li key={notice.id} className="list-row">
                  <NoticeItem
                    notice={notice}
                    isBusy={reading.busyId === notice.id}
                    onRead={() => reading.read(notice.id)}
                  />
                </li>
              ))}
            </ul>
          )}
        </PagedRegion>
      </Paper>
    </Page>
  );
}
