import type { Account } from '@florin/sdk';
import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { productsQuery } from '../../api/account-queries.ts';
import { formatDay } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { Card } from '../../parts/card.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { Iban } from '../../parts/iban.tsx';
import { useBank, useHasRole } from '../../session/use-bank.ts';
import { LimitDialog } from './limit-dialog.tsx';

/** What kind of account it is, its state, and the limit on what leaves it. */
export function AccountAbout({ account }: { readonly account: Account }) {
  const { t } = useTranslation('staffAccount');
  const locale = useLocale();
  const seesProducts = useHasRole('teller', 'supervisor', 'auditor');
  const products = useQuery({ ...productsQuery(useBank()), enabled: seesProducts }).data;
  const product = products?.find(({ code }) => code === account.product)?.name;
  return (
    <Card title={t('about')}>
      <Facts>
        <Fact label={t('status')}>
          <Status status={account.status} />
        </Fact>
        {product !== undefined && <Fact label={t('product')}>{product}</Fact>}
        <Fact label={t('name')}>{account.name}</Fact>
        <Fact label={t('iban')}>
          <Iban iban={account.iban} />
        </Fact>
        <Fact label={t('openedOn')}>{formatDay(account.openedAt, locale)}</Fact>
        <Fact label={t('dailyLimit')}>
          <Limit account={account} />
        </Fact>
      </Facts>
    </Card>
  );
}

function Status({ status }: { readonly status: Account['status'] }) {
  const { t } = useTranslation('account');
  const Icon = status === 'active' ? CircleCheck : CircleAlert;
  return (
    <span className={status === 'active' ? 'sign-good' : 'sign-bad'}>
      <Icon size={16} aria-hidden /> {t(`status.${status}`)}
    </span>
  );
}

/** A limit can be set while the account can be paid from, or could be again. */
const LIMITED: ReadonlySet<Account['status']> = new Set(['active', 'frozen']);

function Limit({ account }: { readonly account: Account }) {
  const { t } = useTranslation('staffAccount');
  const [isOpen, dialog] = useDisclosure();
  const [isAsked, setAsked] = useState(false);
  const mayChange = useHasRole('teller') && LIMITED.has(account.status);
  return (
    <Group gap="xs">
      <Amount money={account.dailyLimit} size="sm" />
      {mayChange && (
        <>
          <Button variant="default" size="compact-sm" aria-label={t('changeLimitLabel')} onClick={dialog.open}>
            {t('changeLimit')}
          </Button>
          <LimitDialog account={account} opened={isOpen} onClose={dialog.close} onAsked={() => setAsked(true)} />
        </>
      )}
      {isAsked && (
        <Text role="status" size="sm">
          {t('done.asked')}
        </Text>
      )}
    </Group>
  );
}
