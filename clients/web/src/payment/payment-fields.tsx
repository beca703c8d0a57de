import { NativeSelect, Stack, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMoney } from '../format/money.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { AmountField } from './amount-field.tsx';
import { NameCheckArea } from './name-check-area.tsx';
import { ownRecipients, type PaymentChoices, type PaymentDraft, payingAccounts } from './payment-draft.ts';
import { REFERENCE_LENGTH_MAX } from './payment-search.ts';
import { RecipientFields } from './recipient-fields.tsx';
import type { usePaymentForm } from './use-payment-form.ts';

interface PaymentFieldsProps extends Pick<ReturnType<typeof usePaymentForm>, 'form' | 'noticeRef' | 'check'> {
  /** What is typed now. */
  readonly draft: PaymentDraft;
  readonly choices: PaymentChoices;
  readonly payeesNotice?: ReactNode;
}

/** From, to, how much and what for: the fields of everything that is paid. */
export function PaymentFields({ form, noticeRef, check, draft, choices, payeesNotice }: PaymentFieldsProps) {
  const { t } = useTranslation('payment');
  const from = payingAccounts(choices.accounts).find(({ id }) => id === draft.fromAccountId);
  return (
    <Stack gap="lg">
      <PayingAccount form={form} draft={draft} choices={choices} />
      <RecipientFields form={form} draft={draft} choices={choices} from={from} payeesNotice={payeesNotice}>
        <NameCheckArea
          form={form}
          draft={draft}
          choices={choices}
          areaRef={noticeRef}
          keep={check.keep}
          problem={check.problem}
        />
      </RecipientFields>
      <AmountField form={form} draft={draft} from={from} />
      <TextInput
        label={t('reference')}
        description={t('referenceHint', { count: draft.reference.length, max: REFERENCE_LENGTH_MAX })}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        autoComplete="off"
        maxLength={REFERENCE_LENGTH_MAX}
        key={form.key('reference')}
        {...form.getInputProps('reference')}
      />
    </Stack>
  );
}

/** The accounts money can leave now; the others are named with what keeps them from it. */
function PayingAccount({ form, draft, choices }: Pick<PaymentFieldsProps, 'form' | 'draft' | 'choices'>) {
  const { t } = useTranslation(['payment', 'account']);
  const locale = useLocale();
  const from = payingAccounts(choices.accounts).find(({ id }) => id === draft.fromAccountId);
  return (
    <NativeSelect
      label={t('from')}
      data={[
        ...(from === undefined ? [{ value: '', label: t('choose') }] : []),
        ...choices.accounts.map(({ id, name, status, balance }) => {
          if (status !== 'active') {
            return { value: id, label: `${name} · ${t(`account:status.${status}`)}`, disabled: true };
          }
          return { value: id, label: t('accountOption', { name, amount: formatMoney(balance.available, locale) }) };
        }),
      ]}
      // Long names push it out of the box on a phone.
      description={from && t('available', { amount: formatMoney(from.balance.available, locale) })}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      value={from?.id ?? ''}
      onChange={({ currentTarget }) => {
        const chosen = choices.accounts.find(({ id }) => id === currentTarget.value);
        form.setFieldValue('fromAccountId', currentTarget.value);
        const isPayable = ownRecipients(choices.accounts, chosen).some(({ id }) => id === draft.toAccountId);
        if (!isPayable) form.setFieldValue('toAccountId', '');
      }}
      error={form.errors['fromAccountId']}
      data-path="fromAccountId"
    />
  );
}
