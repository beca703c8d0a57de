import { normaliseIban } from '@florin/money';
import { Button, Checkbox, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { createPayee } from '../../api/payment-commands.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { checkOf, nextBeforeReview } from '../../payment/name-check.ts';
import { NameCheckNotice } from '../../payment/name-check-notice.tsx';
import type { CheckedName } from '../../payment/payment-draft.ts';
import { PersonFields } from '../../payment/person-fields.tsx';
import { readPerson } from '../../payment/read-payment.ts';
import { useNameCheck } from '../../payment/use-name-check.ts';
import { useBank } from '../../session/use-bank.ts';
import { usePayeeChange } from './use-payee-change.ts';

interface PersonDraft {
  name: string;
  iban: string;
  checked: CheckedName | null;
  isSure: boolean;
}

const BLANK: PersonDraft = { name: '', iban: '', checked: null, isSure: false };

/** Keeps somebody as a payee, after their name was looked at as before a payment. */
export function AddPayee({ onDone }: { readonly onDone: (said: string) => void }) {
  const { t } = useTranslation(['payees', 'payment']);
  const { form, typed, add, check, noticeRef, proceed, accept } = useAddPayee(onDone);
  const shown = checkOf(typed, personOf(typed));
  return (
    <form onSubmit={form.onSubmit(proceed)} noValidate>
      <Stack>
        <PersonFields form={form} />
        <div ref={noticeRef} tabIndex={-1} role="status" className="quiet-focus said-here">
          {shown !== undefined && (
            <NameCheckNotice checked={shown} onAccept={accept}>
              <Checkbox
                label={t('payment:check.sure', { name: shown.name })}
                key={form.key('isSure')}
                {...form.getInputProps('isSure', { type: 'checkbox' })}
              />
            </NameCheckNotice>
          )}
        </div>
        {check.problem !== undefined && <ProblemNotice error={check.problem} />}
        {add.isError && <ProblemNotice error={add.error} />}
        <Button type="submit" loading={check.isPending || add.isPending}>
          {t(shown === undefined || shown.result === 'match' ? 'addSubmit' : 'addAnyway')}
        </Button>
      </Stack>
    </form>
  );
}

function useAddPayee(onDone: (said: string) => void) {
  const { t } = useTranslation(['payees', 'payment']);
  const bank = useBank();
  const [typed, setTyped] = useState(BLANK);
  const form = useForm<PersonDraft>({
    mode: 'uncontrolled',
    initialValues: BLANK,
    onValuesChange: setTyped,
    validate: (values) =>
      Object.fromEntries(
        Object.entries(readPerson(values)).map(([field, error]) => [field, t(`payment:error.${error}`)]),
      ),
  });
  const noticeRef = useRef<HTMLDivElement>(null);
  const add = usePayeeChange(
    (person: { name: string; iban: string }) => createPayee(bank, person),
    ({ name }) => onDone(t('added', { name })),
  );
  const keep = (checked: CheckedName): void => {
    form.setFieldValue('isSure', false);
    form.setFieldValue('checked', checked);
  };
  const check = useNameCheck({
    keep,
    sayAtIban(message) {
      form.setFieldError('iban', message);
      return true;
    },
  });

  async function proceed(): Promise<void> {
    const person = personOf(form.getValues());
    const recipient = { kind: 'new', ...person } as const;
    if (nextBeforeReview(form.getValues(), recipient) === 'check') {
      const found = await check.ask(person);
      if (found === undefined) return;
      if (found.result !== 'match') return noticeRef.current?.focus();
    }
    const next = nextBeforeReview(form.getValues(), recipient);
    if (next === 'review') add.mutate(person);
    if (next === 'be-sure') form.setFieldError('isSure', t('payment:error.notSure'));
  }

  function accept(name: string): void {
    form.setFieldValue('name', name);
    keep({ name, iban: normaliseIban(form.getValues().iban), result: 'match' });
  }

  return { form, typed, add, check, noticeRef, proceed, accept };
}

function personOf({ name, iban }: Pick<PersonDraft, 'name' | 'iban'>) {
  return { name: name.trim(), iban: normaliseIban(iban) };
}
