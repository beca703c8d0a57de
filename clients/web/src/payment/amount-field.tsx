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
      {inputProps.error !== undefined && <Readings form={form} draft={draft} currency={currency} />}
      {from !== undefined && isMoreThanAvailable(draft.amount, from) && (
        <Text size="sm" className="warning-text" role="status">
          {t('moreThanAvailable')}
        </Text>
      )}
    </Stack>
  );
}

/** The things it may mean, each one click away. */
function Readings({ form, draft, currency }: Omit<AmountFieldProps, 'from'> & { readonly currency: string }) {
  const { t } = useTranslation('payment');
  const locale = useLocale();
  const readings = typedAmountReadings(draft.amount, digitsOf(currency));
  if (readings.length === 0) return null;
  return (
    <Group gap="xs">
      {readings.map((amount) => (
        <Button key={amount} size="xs" variant="default" onClick={() => form.setFieldValue('amount', amount)}>
          {t('itIs', { amount: formatMoney({ amount, currency }, locale) })}
        </Button>
      ))}
    </Group>
  );
}

function digitsOf(currency: string): number {
  return CURRENCIES.get(currency)?.exponent ?? 0;
}

function placeholderOf(currency: string): string {
  const digits = digitsOf(currency);
  return digits === 0 ? '0' : `0.${'0'.repeat(digits)}`;
}

/** A hint, not a verdict: money may come in meanwhile, and the bank decides when it is sent. */
function isMoreThanAvailable(text: string, { currency, balance }: Account): boolean {
  const typed = readTypedAmount(text, digitsOf(currency));
  return typed !== undefined && minorUnits({ amount: typed, currency }) > minorUnits(balance.available);
}
