import { Button, Group, Stack } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChoicesRegion } from '../../payment/choices-region.tsx';
import type { Refusal } from '../../payment/intent.ts';
import { fitDraft, freshDraft, type PaymentChoices, type PaymentDraft } from '../../payment/payment-draft.ts';
import { PaymentFields } from '../../payment/payment-fields.tsx';
import { RefusalNotice } from '../../payment/refusal-notice.tsx';
import { StepHeading } from '../../payment/step-heading.tsx';
import { focusFirstError, usePaymentForm } from '../../payment/use-payment-form.ts';
import { type TransferCommand, transferCommand } from './transfer-command.ts';

interface SendFormProps {
  /** What was typed before; null when nothing was. */
  readonly draft: PaymentDraft | null;
  readonly refusal: Refusal | undefined;
  readonly isFocused: boolean;
  readonly onTyped: (draft: PaymentDraft) => void;
  readonly onReviewed: (command: TransferCommand) => void;
  readonly onClear: () => void;
}

/** Who gets how much, from where, and what for. */
export function SendForm(props: SendFormProps) {
  const { t } = useTranslation('send');
  const { refusal, isFocused } = props;
  return (
    <Stack>
      {refusal !== undefined && <RefusalNotice refusal={refusal} title={t('refused')} />}
      <StepHeading isFocused={isFocused && refusal === undefined}>{t('form.title')}</StepHeading>
      <ChoicesRegion>
        {(choices, payeesNotice) => <Fields {...props} choices={choices} payeesNotice={payeesNotice} />}
      </ChoicesRegion>
    </Stack>
  );
}

interface FieldsProps extends SendFormProps {
  readonly choices: PaymentChoices;
  readonly payeesNotice: ReactNode | undefined;
}

function Fields({ draft, choices, payeesNotice, onTyped, onReviewed, onClear }: FieldsProps) {
  const { t } = useTranslation('send');
  const search = useSearch({ from: '/customer/send' });
  const [typed, setTyped] = useState(() => (draft === null ? freshDraft(search, choices) : fitDraft(draft, choices)));
  const { form, noticeRef, proceed, check } = usePaymentForm({
    draft: typed,
    choices,
    onTyped: (values) => {
      setTyped(values);
      onTyped(values);
    },
    onReady: (payment, standing) => onReviewed(transferCommand(payment, standing, choices)),
  });
  return (
    <form onSubmit={form.onSubmit(proceed, (errors) => focusFirstError(errors, form))} noValidate>
      <Stack gap="lg">
        <PaymentFields
          form={form}
          noticeRef={noticeRef}
          check={check}
          draft={typed}
          choices={choices}
          payeesNotice={payeesNotice}
        />
        <Group>
          <Button type="submit" loading={check.isPending}>
            {t('form.submit')}
          </Button>
          {draft !== null && (
            <Button variant="subtle" color="gray" onClick={onClear}>
              {t('form.clear')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}
