import type { Posting } from '@florin/sdk';
import { Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatDate, formatMoment } from '../../format/dates.ts';
import { signOf } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { CategoryMark } from '../../parts/category-mark.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { Iban } from '../../parts/iban.tsx';
import { useKindName } from './kind-name.ts';

/** The amount, and what it was for, between whom and when. */
export function TransactionFacts({ posting }: { readonly posting: Posting }) {
  const { t } = useTranslation('transaction');
  const { t: account } = useTranslation('account');
  const locale = useLocale();
  const kindName = useKindName();
  const { iban, name } = posting.counterparty;
  const isOut = signOf(posting.amount) === 'out';
  return (
    <>
      <Group gap="md" wrap="nowrap" className="figures-frame">
        <CategoryMark category={posting.category ?? 'other'} />
        <Amount money={posting.amount} signed fw={700} className="amount transaction-amount" />
      </Group>
      <Facts>
        <Fact label={t('kind')}>{kindName(posting)}</Fact>
        {name !== null && <Fact label={t(isOut ? 'counterpartyOut' : 'counterpartyIn')}>{name}</Fact>}
        {iban !== null && (
          <Fact label={t('iban')}>
            <Iban iban={iban} />
          </Fact>
        )}
        <Fact label={t('reference')}>{posting.reference === '' ? t('noReference') : posting.reference}</Fact>
        {posting.category !== undefined && <Fact label={t('category')}>{account(`category.${posting.category}`)}</Fact>}
        <Fact label={t('bookedAt')}>{formatMoment(posting.bookedAt, locale)}</Fact>
        <Fact label={t('valueDate')}>{formatDate(posting.valueDate, locale)}</Fact>
        <Fact label={t('balanceAfter')}>
          <Amount money={posting.balanceAfter} size="sm" />
        </Fact>
      </Facts>
    </>
  );
}
