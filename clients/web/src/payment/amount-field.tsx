import { CURRENCIES } from '@florin/money';
import type { Account } from '@florin/sdk';
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatMoney, readTypedAmount } from '../format/money.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { typedAmountReadings } from './amount-readings.ts';
import { minorUnits } from './minor-units.ts';
import type { PaymentDraft } from './payment-draft.ts';
import type { PaymentFormFields } from './use-payment-form.ts';

interface AmountFieldProps {
  readonly form: PaymentFormFields;
  readonly draft: PaymentDraft;
  readonly from: Account | undefined;
}

/** How much, as people write it. What can be read in two ways is asked about; more than there is is only said. */
export function AmountField({ form, draft, from }: AmountFieldProps) {
  const { t } = useTranslation('payment');
  const currency = from?.currency ?? '';
  const inputProps = form.getInputProps('amount');
  return (
    <Stack gap="xs">
      <TextInput
        label={t('amount', { currency })}
        inputMode="decimal"
        autoComplete="off"
        maxLength={32}
        placeholder={placeholderOf(currency)}
        key={form.key('amount')}
        {...inputProps}
        onBlur={() => {
          if (draft.amount.trim() !== '') void form.validateField('amount');
        }}
      />
      {inputProps.error !== undefined && (
        <AmountReadings
          typed={draft.amount}
          currency={currency}
          onChoose={(amount) => form.setFieldValue('amount', amount)}
        />
      )}
      {from !== undefined && isMoreThanAvailable(draft.amount, from) && (
        <Text size="sm" className="warning-text" role="status">
          {t('moreThanAvailable')}
        </Text>
      )}
    </Stack>
  );
}

interface AmountReadingsProps {
  readonly typed: string;
  readonly currency: string;
  readonly onChoose: (amount: string) => void;
}

/** The things a typed amount may mean, each one click away. */
export function AmountReadings({ typed, currency, onChoose }: AmountReadingsProps) {
  const { t } = useTranslation('payment');
  const locale = useLocale();
  const readings = typedAmountReadings(typed, digitsOf(currency));
  if (readings.length === 0) return null;
  return (
    <Group gap="xs">
      {readings.map((amount) => (
        <Button key={amount} size="xs" variant="default" onClick={() => onChoose(amount)}>
          {t('itIs', { amount: formatMoney({ amount, currency }, locale) })}
        </Button>
      ))}
    </Group>
  );
}

function digitsOf(currency: string): number {
  return CURRENCIES.get(currency)?.exponent ?? 0;
}

/** What an amount of a currency looks like. */
export function placeholderOf(currency: string): string {
  const digits = digitsOf(currency);
  return digits === 0 ? '0' : `0.${'0'.repeat(digits)}`;
}

/** A hint, not a verdict: money may come in meanwhile, and the bank decides when it is sent. */
export function isMoreThanAvailable(text: string, { currency, balance }: Account): boolean {
  const typed = readTypedAmount(text, digitsOf(currency));
  return typed !== undefined && minorUnits({ amount: typed, currency }) > minorUnits(balance.available);
}
