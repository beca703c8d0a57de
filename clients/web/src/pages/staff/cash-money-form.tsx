import type { LookedUpAccount } from '@florin/sdk';
import { Button, Input, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { focusFirst } from '../../parts/focus-first.ts';
import { AmountReadings, isMoreThanAvailable, placeholderOf } from '../../payment/amount-field.tsx';
import { REFERENCE_LENGTH_MAX } from '../../payment/payment-search.ts';
import { readAmount } from '../../payment/read-payment.ts';
import { StepHeading } from '../../payment/step-heading.tsx';
import type { CashCommand, CashDraft } from './cash-intent.ts';
import { oneLine } from './one-line.ts';

interface CashMoneyFormProps {
  readonly account: LookedUpAccount;
  readonly draft: CashDraft;
  readonly isFocused: boolean;
  readonly onTyped: (draft: CashDraft) => void;
  readonly onReviewed: (command: CashCommand) => void;
}

/** How much is handed in or paid out, in the currency of the account. */
export function CashMoneyForm({ account, draft, isFocused, onTyped, onReviewed }: CashMoneyFormProps) {
  const { t } = useTranslation('cash');
  const form = useCashForm(account, draft, onTyped);
  const submit = form.onSubmit((values) => {
    const amount = readAmount(values.amount, account.currency);
    if ('error' in amount) return;
    const { id, iban, name, holderName } = account;
    onReviewed({
      kind: values.kind,
      body: { accountId: id, amount, reference: oneLine(values.reference) },
      account: { iban, name, holderName },
    });
  }, focusFirst(form));
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <StepHeading isFocused={isFocused}>{t('form.title')}</StepHeading>
        <KindField form={form} />
        <AmountField form={form} account={account} draft={draft} />
        <TextInput
          label={t('form.reference')}
          description={t('form.referenceHint')}
          autoComplete="off"
          maxLength={REFERENCE_LENGTH_MAX}
          key={form.key('reference')}
          {...form.getInputProps('reference')}
        />
        <Button type="submit" className="own-width">
          {t('form.submit')}
        </Button>
      </Stack>
    </form>
  );
}

type CashFields = Omit<CashDraft, 'iban'>;
type CashFormFields = UseFormReturnType<CashFields>;

function useCashForm(account: LookedUpAccount, draft: CashDraft, onTyped: (draft: CashDraft) => void): CashFormFields {
  const { t } = useTranslation('payment');
  const { iban, ...fields } = draft;
  return useForm<CashFields>({
    mode: 'uncontrolled',
    initialValues: fields,
    onValuesChange: (values) => onTyped({ ...values, iban }),
    validate: {
      amount(text) {
        const read = readAmount(text, account.currency);
        return 'error' in read ? t(`error.${read.error}`) : null;
      },
    },
  });
}

function KindField({ form }: { readonly form: CashFormFields }) {
  const { t } = useTranslation('cash');
  return (
    <Input.Wrapper label={t('form.kind')} size="md" labelElement="div">
      <SegmentedControl
        fullWidth
        size="md"
        aria-label={t('form.kind')}
        data={[
          { value: 'deposit', label: t('form.deposit') },
          { value: 'withdrawal', label: t('form.withdrawal') },
        ]}
        key={form.key('kind')}
        {...form.getInputProps('kind')}
      />
    </Input.Wrapper>
  );
}

function AmountField({
  form,
  account,
  draft,
}: {
  readonly form: CashFormFields;
  readonly account: LookedUpAccount;
  readonly draft: CashDraft;
}) {
  const { t } = useTranslation('cash');
  const { currency } = account;
  const inputProps = form.getInputProps('amount');
  return (
    <Stack gap="xs">
      <TextInput
        label={t('form.amount', { currency })}
        inputMode="decimal"
        autoComplete="off"
        maxLength={32}
        placeholder={placeholderOf(currency)}
        key={form.key('amount')}
        {...inputProps}
      />
      {inputProps.error !== undefined && (
        <AmountReadings
          typed={draft.amount}
          currency={currency}
          onChoose={(amount) => form.setFieldValue('amount', amount)}
        />
      )}
      {draft.kind === 'withdrawal' && isMoreThanAvailable(draft.amount, account) && (
        <Text size="sm" className="warning-text" role="status">
          {t('form.moreThanAvailable')}
        </Text>
      )}
    </Stack>
  );
}
