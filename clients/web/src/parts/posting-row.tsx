import type { Posting } from '@florin/sdk';
import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { accountsQuery } from '../api/queries.ts';
import { formatDay } from '../format/dates.ts';
import { signOf } from '../format/money.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { useBank, useHasRole } from '../session/use-bank.ts';
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

/** Who or what is on the other side, in words; one's own accounts by the names one gave them. */
export function usePostingTitle(): (posting: Posting) => string {
  const { t } = useTranslation('overview');
  const { data: accounts = [] } = useQuery({ ...accountsQuery(useBank()), enabled: useHasRole('customer') });
  return ({ amount, counterparty, kind }) => {
    if (kind === 'deposit' || kind === 'withdrawal') return t('cash');
    if (kind === 'fee') return t('fee');
    const own = accounts.find(({ iban }) => iban === counterparty.iban)?.name;
    if (own !== undefined) return t(signOf(amount) === 'in' ? 'fromOwn' : 'toOwn', { account: own });
    const name = counterparty.name ?? t('unnamed');
    return kind === 'reversal' ? `${t('reversal')}: ${name}` : name;
  };
}
