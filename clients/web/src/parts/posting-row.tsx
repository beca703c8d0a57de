import type { Posting } from '@florin/sdk';
import { Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatDay } from '../format/dates.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { Amount } from './amount.tsx';
import { CategoryMark } from './category-mark.tsx';

/** One movement of an account in a list; the whole row leads to it. */
export function PostingRow({ accountId, posting }: { readonly accountId: string; readonly posting: Posting }) {
  const locale = useLocale();
  const title = usePostingTitle();
  return (
    <Link
      to="/accounts/$accountId/transactions/$transactionId"
      params={{ accountId, transactionId: posting.id }}
      className="row-link"
    >
      <Group wrap="nowrap" gap="sm" p="xs">
        <CategoryMark category={posting.category ?? 'other'} />
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text fw={550} truncate>
            {title(posting)}
          </Text>
          <Text size="sm" c="dimmed" truncate>
            {[formatDay(posting.bookedAt, locale), posting.reference].filter(Boolean).join(' · ')}
          </Text>
        </div>
        <Amount money={posting.amount} signed fw={600} />
      </Group>
    </Link>
  );
}

/** Who or what is on the other side, in words. */
export function usePostingTitle(): (posting: Posting) => string {
  const { t } = useTranslation('overview');
  return ({ counterparty, kind }) => {
    if (kind === 'deposit' || kind === 'withdrawal') return t('cash');
    if (kind === 'fee') return t('fee');
    const name = counterparty.name ?? t('unnamed');
    return kind === 'reversal' ? `${t('reversal')}: ${name}` : name;
  };
}
