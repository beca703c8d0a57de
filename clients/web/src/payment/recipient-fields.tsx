import type { Account } from '@florin/sdk';
import { Fieldset, NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatIban, formatMoney } from '../format/money.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { PayeeSelect } from './payee-select.tsx';
import { ownRecipients, type PaymentChoices, type PaymentDraft, type RecipientKind } from './payment-draft.ts';
import { PersonFields } from './person-fields.tsx';
import type { PaymentFormFields } from './use-payment-form.ts';

interface RecipientFieldsProps {
  readonly form: PaymentFormFields;
  readonly draft: PaymentDraft;
  readonly choices: PaymentChoices;
  readonly from: Account | undefined;
  /** Said instead of the list when the payees could not be loaded. */
  readonly payeesNotice?: ReactNode;
  /** What was found out about the name. */
  readonly children: ReactNode;
}

const KINDS: readonly RecipientKind[] = ['payee', 'new', 'own'];

/** Who gets the money: a payee, someone new, or oneself. */
export function RecipientFields({ form, draft, choices, from, payeesNotice, children }: RecipientFieldsProps) {
  const { t } = useTranslation('payment');
  return (
    <Fieldset legend={t('to')} variant="unstyled" className="plain-fieldset">
      <Stack>
        <SegmentedControl
          aria-label={t('to')}
          className="choice"
          fullWidth
          size="md"
          data={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
          value={draft.to}
          onChange={(value) => {
            form.setFieldValue('to', value as RecipientKind);
            form.clearErrors();
          }}
        />
        {draft.to === 'payee' && (payeesNotice ?? <KeptPayee form={form} draft={draft} choices={choices} />)}
        {draft.to === 'new' && <PersonFields form={form} />}
        {draft.to === 'own' && <OwnAccount form={form} draft={draft} choices={choices} from={from} />}
        {children}
      </Stack>
    </Fieldset>
  );
}

type PartProps = Pick<RecipientFieldsProps, 'form' | 'draft' | 'choices'>;

function KeptPayee({ form, draft, choices }: PartProps) {
  const { t } = useTranslation('payment');
  if (choices.payees.length === 0) return <Text c="dimmed">{t('noPayees')}</Text>;
  return (
    <PayeeSelect
      payees={choices.payees}
      value={draft.payeeId}
      error={form.errors['payeeId']}
      onChange={(payeeId) => form.setFieldValue('payeeId', payeeId)}
    />
  );
}

function OwnAccount({ form, draft, choices, from }: PartProps & Pick<RecipientFieldsProps, 'from'>) {
  const { t } = useTranslation('payment');
  const locale = useLocale();
  const accounts = ownRecipients(choices.accounts, from);
  if (accounts.length === 0) return <Text c="dimmed">{t('noOwn', { currency: from?.currency ?? '' })}</Text>;
  const chosen = accounts.find(({ id }) => id === draft.toAccountId);
  return (
    <NativeSelect
      label={t('ownAccount')}
      description={chosen === undefined ? undefined : formatIban(chosen.iban)}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      data={[
        ...(chosen === undefined ? [{ value: '', label: t('choose') }] : []),
        ...accounts.map(({ id, name, balance }) => ({
          value: id,
          label: t('accountOption', { name, amount: formatMoney(balance.available, locale) }),
        })),
      ]}
      value={chosen?.id ?? ''}
      onChange={({ currentTarget }) => form.setFieldValue('toAccountId', currentTarget.value)}
      error={form.errors['toAccountId']}
      data-path="toAccountId"
    />
  );
}
