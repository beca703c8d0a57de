import { VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Bell as BellIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { unreadQuery } from '../api/notice-queries.ts';
import { useBank } from '../session/use-bank.ts';

/** More than this is many. */
const SHOWN_MAX = 99;

/** The way to what the bank has told the customer, and how much of it is unread; heard when there is more. */
export function Bell() {
  const { t } = useTranslation();
  const { data: count = 0 } = useQuery(unreadQuery(useBank()));
  return (
    <Link to="/notifications" className="bell">
      <BellIcon size={22} aria-hidden />
      {count > 0 && (
        <span className="bell-count" aria-hidden>
          {count > SHOWN_MAX ? t('noticesMany', { count: SHOWN_MAX }) : count}
        </span>
      )}
      <VisuallyHidden aria-live="polite">{t('notices', { count })}</VisuallyHidden>
    </Link>
  );
}
