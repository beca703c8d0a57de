import type { Notice } from '@florin/sdk';
import { Badge, Button, Group, Text, ThemeIcon } from '@mantine/core';
import {
  ArrowDownLeft,
  CalendarX,
  CircleCheck,
  CircleOff,
  KeyRound,
  type LucideIcon,
  PartyPopper,
  Snowflake,
} from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoment } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { NoticeLink } from './notice-link.tsx';
import { useNoticeWords } from './notice-words.ts';

const MARKS: Readonly<Record<Notice['kind'], LucideIcon>> = {
  welcome: PartyPopper,
  'money-received': ArrowDownLeft,
  'standing-order-failed': CalendarX,
  'account-frozen': Snowflake,
  'account-unfrozen': CircleCheck,
  'account-closed': CircleOff,
  'security-changed': KeyRound,
};

interface NoticeItemProps {
  readonly notice: Notice;
  readonly isBusy: boolean;
  readonly onRead: () => void;
}

/** One notice: what happened, where to look at it, and that it is read, once it is. */
export function NoticeItem({ notice, isBusy, onRead }: NoticeItemProps) {
  const { t } = useTranslation('notices');
  const locale = useLocale();
  const { title, facts } = useNoticeWords()(notice);
  const text = useRef<HTMLDivElement>(null);
  const isUnread = notice.readAt === null;
  const Mark = MARKS[notice.kind] ?? CircleCheck;
  return (
    <Group wrap="nowrap" gap="md" align="flex-start">
      <ThemeIcon variant="light" size={40} radius="xl" aria-hidden>
        <Mark size={20} />
      </ThemeIcon>
      <div className="notice-text quiet-focus" ref={text} tabIndex={-1}>
        <div className="notice-head">
          <Group gap="xs">
            <Text fw={isUnread ? 700 : 500}>{title}</Text>
            {isUnread && <Badge>{t('isNew')}</Badge>}
          </Group>
          <Text size="sm" c="dimmed">
            {formatMoment(notice.createdAt, locale)}
          </Text>
        </div>
        <Text size="sm">{facts.join(' · ')}</Text>
        <Group gap="md">
          <NoticeLink notice={notice} title={title} {...(isUnread ? { onFollow: onRead } : {})} />
          {isUnread && (
            <Button
              variant="subtle"
              size="xs"
              className="touch-target"
              loading={isBusy}
              aria-label={t('markReadOf', { notice: title })}
              onClick={() => {
                // The button is about to go; what it was about stays.
                text.current?.focus();
                onRead();
              }}
            >
              {t('markRead')}
            </Button>
          )}
        </Group>
      </div>
    </Group>
  );
}
