import { type FormErrors, type UseFormReturnType, useForm } from '@mantine/form';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type NameStanding, nameToCheck, nextBeforeReview, standingOf } from './name-check.ts';
import type { CheckedName, PaymentChoices, PaymentDraft } from './payment-draft.ts';
import { type Payment, readPayment } from './read-payment.ts';
import { useNameCheck } from './use-name-check.ts';

export type PaymentFormFields = UseFormReturnType<PaymentDraft>;

interface PaymentFormOptions {
  /** What the fields begin with. */
  readonly draft: PaymentDraft;
  readonly choices: PaymentChoices;
  readonly onTyped: (draft: PaymentDraft) => void;
  /** All is there and the name was checked: the review may open. */
  readonly onReady: (payment: Payment, standing: NameStanding) => void;
}

/** The fields of a payment and what stands between them and the review: what is missing, and whose name it is. */
export function usePaymentForm({ draft, choices, onTyped, onReady }: PaymentFormOptions) {
  const { t } = useTranslation('payment');
  const form = useForm<PaymentDraft>({
    mode: 'uncontrolled',
    initialValues: draft,
    onValuesChange: onTyped,
    validate: (values) => {
      const read = readPayment(values, choices);
      if ('payment' in read) return {};
      return Object.fromEntries(Object.entries(read.errors).map(([field, error]) => [field, t(`error.${error}`)]));
    },
  });
  const keep = (checked: CheckedName): void => {
    form.setFieldValue('isSure', false);
    form.setFieldValue('checked', checked);
  };
  const sayAtIban = (message: string): boolean => {
    if (form.getValues().to !== 'new') return false;
    form.setFieldError('iban', message);
    return true;
  };
  const check = useNameCheck({ keep, sayAtIban });
  /** Where the person is led when the name needs a look; there before what it will say. */
  const noticeRef = useRef<HTMLDivElement>(null);

  async function proceed(): Promise<void> {
    const before = readPayment(form.getValues(), choices);
    if (!('payment' in before)) return;
    const wanted = nameToCheck(before.payment.recipient);
    if (wanted !== undefined && nextBeforeReview(form.getValues(), before.payment.recipient) === 'check') {
      const found = await check.ask(wanted);
      if (found === undefined) return;
      if (found.result !== 'match') return noticeRef.current?.focus();
    }
    // What is on the page now, not what was when the question went out.
    const values = form.getValues();
    const read = readPayment(values, choices);
    if (!('payment' in read)) return;
    const next = nextBeforeReview(values, read.payment.recipient);
    if (next === 'review') onReady(read.payment, standingOf(values, read.payment.recipient));
    if (next === 'be-sure') {
      form.setFieldError('isSure', t('error.notSure'));
      form.getInputNode('isSure')?.focus();
    }
  }

  return { form, noticeRef, proceed, check: { ...check, keep } };
}

/** Leads to the first field that is not right, in the order of the page. */
export function focusFirstError(errors: FormErrors, form: Pick<PaymentFormFields, 'getInputNode'>): void {
  const [first] = Object.keys(errors);
  if (first !== undefined) form.getInputNode(first as keyof PaymentDraft)?.focus();
}
