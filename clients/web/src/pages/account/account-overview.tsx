import './account.css';
import type { Account } from '@florin/sdk';
import { Paper } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { productsQuery } from '../../api/account-queries.ts';
import { formatBankDay } from '../../format/dates.ts';
import { signOf } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { Fact, Facts, Figure, Figures } from '../../parts/facts.tsx';
import { Iban } from '../../parts/iban.tsx';
import { useBank } from '../../session/use-bank.ts';

/** What is on an account, and what it is. */
export function AccountOverview({ account }: { readonly account: Account }) {
  const { t } = useTranslation('account');
  const locale = useLocale();
  const products = useQuery(productsQuery(useBank()));
  const product = products.data?.find((one) => one.code === account.product)?.name;
  const { available, posted, held } = account.balance;
  return (
    <Paper
      component="section"
      className="card account-overview"
      p={{ base: 'md', sm: 'lg' }}
      aria-label={t('balances')}
    >
      <Figures>
        <Figure label={t('available')} money={available} isMain />
        <Figure label={t('posted')} money={posted} />
        <Figure label={t('held')} money={held} hint={signOf(held) === 'none' ? undefined : t('heldHint')} />
      </Figures>
      <Facts>
        <Fact label={t('iban')}>
          <Iban iban={account.iban} />
        </Fact>
        {product !== undefined && <Fact label={t('kind')}>{product}</Fact>}
        <Fact label={t('openedOn')}>{formatBankDay(account.openedAt, locale)}</Fact>
        <Fact label={t('dailyLimit')}>
          <Amount money={account.dailyLimit} size="sm" />
        </Fact>
      </Facts>
    </Paper>
  );
}
