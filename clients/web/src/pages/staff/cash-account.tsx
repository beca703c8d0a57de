import type { LookedUpAccount } from '@florin/sdk';
import { Alert, Stack } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatIban } from '../../format/money.ts';
import { Amount } from '../../parts/amount.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';

/** Whose account it is, seen before any money moves. */
export function CashAccount({ account, action }: { readonly account: LookedUpAccount; readonly action: ReactNode }) {
  const { t } = useTranslation('cash');
  const { status } = account;
  return (
    <section aria-label={t('account')} className="cash-account">
      <Stack gap="md">
        <Facts>
          <Fact label={t('holder')}>
            <strong>{account.holderName}</strong>
          </Fact>
          <Fact label={t('name')}>{account.name}</Fact>
          <Fact label={t('iban')}>
            <span className="iban-text">{formatIban(account.iban)}</span>
          </Fact>
          <Fact label={t('available')}>
            <Amount money={account.balance.available} fw={600} />
          </Fact>
        </Facts>
        {status !== 'active' && (
          <Alert color="yellow" variant="outline" icon={<CircleAlert aria-hidden />}>
            {t(`notActive.${status}`)}
          </Alert>
        )}
        {action}
      </Stack>
    </section>
  );
}
