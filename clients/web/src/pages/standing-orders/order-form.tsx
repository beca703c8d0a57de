import { systemClock, utcDate } from '@florin/primitives';
import { Button, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChoicesRegion } from '../../payment/choices-region.tsx';
import type { Refusal } from '../../payment/intent.ts';
import { fitDraft, freshDraft, type PaymentChoices } from '../../payment/payment-draft.ts';
import { PaymentFields } from '../../payment/payment-fields.tsx';
import { RefusalNotice } from '../../payment/refusal-notice.tsx';
import { StepHeading } from '../../payment/step-heading.tsx';
import { focusFirstError, usePaymentForm } from '../../payment/use-payment-form.ts';
import {
  freshSchedule,
  type OrderCommand,
  type OrderDraft,
  orderCommand,
  readSchedule,
  type ScheduleDraft,
} from './order-draft.ts';
import { ScheduleFields } from './schedule-fields.tsx';

interface OrderFormProps {
  /** What was typed before; null when nothing was. */
  readonly draft: OrderDraft | null;
  readonly refusal: Refusal | undefined;
  readonly isFocused: boolean;
  readonly onTyped: (draft: OrderDraft) => void;
  readonly onReviewed: (command: OrderCommand) => void;
  readonly onClear: () => void;
}

/** Who gets how much, and when. */
export function OrderForm(props: OrderFormProps) {
  const { t } = useTranslation('standingOrders');
  const { refusal, isFocused } = props;
  return (
    <Stack>
      {refusal !== undefined && <RefusalNotice refusal={refusal} title={t('form.refused')} />}
      <StepHeading isFocused={isFocused && refusal === undefined}>{t('form.title')}</StepHeading>
      <ChoicesRegion>
        {(choices, payeesNotice) => <Fields {...props} choices={choices} payeesNotice={payeesNotice} />}
      </ChoicesRegion>
    </Stack>
  );
}

interface FieldsProps extends OrderFormProps {
  readonly choices: PaymentChoices;
  readonly payeesNotice: ReactNode | undefined;
}

function Fields(props: FieldsProps) {
  const { draft, choices, payeesNotice, onClear } = props;
  const { t } = useTranslation('standingOrders');
  const { typed, payment, schedule, today, submit } = useOrderForm(props);
  const { form, noticeRef, check } = payment;
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="lg">
        <PaymentFields
          form={form}
          noticeRef={noticeRef}
          check={check}
          draft={typed.payment}
          choices={choices}
          payeesNotice={payeesNotice}
        />
        <ScheduleFields form={schedule} draft={typed.schedule} today={today} />
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

/** Two forms in one: the payment, as wherever one pays, and its dates. Both must be right before the review opens. */
function useOrderForm({ draft, choices, onTyped, onReviewed }: FieldsProps) {
  const { t } = useTranslation('standingOrders');
  const search = useSearch({ from: '/customer/standing-orders' });
  const [today] = useState(() => utcDate(systemClock()));
  const [typed, setTyped] = useState<OrderDraft>(() => ({
    payment: draft === null ? freshDraft(search, choices) : fitDraft(draft.payment, choices),
    schedule: draft === null ? freshSchedule(today) : draft.schedule,
  }));
  /** Read by what was begun before the last change, such as the answer to a check of the name. */
  const latest = useRef(typed);
  const change = (part: Partial<OrderDraft>): void => {
    latest.current = { ...latest.current, ...part };
    setTyped(latest.current);
    onTyped(latest.current);
  };
  const schedule = useForm<ScheduleDraft>({
    mode: 'uncontrolled',
    initialValues: typed.schedule,
    onValuesChange: (values) => change({ schedule: values }),
    validate: (values) => {
      const read = readSchedule(values, today);
      if ('schedule' in read) return {};
      const { startDate, endDate } = read.errors;
      return {
        ...(startDate !== undefined && { startDate: t(`dateError.${startDate}`) }),
        ...(endDate !== undefined && { endDate: t(`dateError.${endDate}`) }),
      };
    },
  });
  const payment = usePaymentForm({
    draft: typed.payment,
    choices,
    onTyped: (values) => change({ payment: values }),
    onReady: (read, standing) => {
      const dates = readSchedule(schedule.getValues(), today);
      if ('schedule' in dates) onReviewed(orderCommand(read, standing, dates.schedule, choices));
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const errors = { ...payment.form.validate().errors, ...schedule.validate().errors };
    if (Object.keys(errors).length === 0) void payment.proceed();
    else focusFirstError(errors, payment.form);
  };
  return { typed, payment, schedule, today, submit };
}
