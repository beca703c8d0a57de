import type { Money } from '@florin/sdk';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatIban } from '../format/money.ts';
import { Amount } from '../parts/amount.tsx';

/** A payment at a glance: how much, to whom. */
export function PaidSummary({
  amount,
  name,
  iban,
}: {
  readonly amount: Money;
  readonly name: string;
  readonly iban: string;
}) {
  const { t } = useTranslation('payment');
  return (
    <div>
      <Amount money={amount} className="amount large-amount" />
      <Text fw={600}>{t('toName', { name })}</Text>
      <Text size="sm" c="dimmed">
        {formatIban(iban)}
      </Text>
    </div>
  );
}
