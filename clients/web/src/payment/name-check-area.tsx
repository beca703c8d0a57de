import { Checkbox } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { renamePayee } from '../api/payment-commands.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useBank } from '../session/use-bank.ts';
import { checkOf, nameToCheck } from './name-check.ts';
import { NameCheckNotice } from './name-check-notice.tsx';
import type { CheckedName, PaymentChoices, PaymentDraft } from './payment-draft.ts';
import { recipientOf } from './read-payment.ts';
import type { PaymentFormFields } from './use-payment-form.ts';

interface NameCheckAreaProps {
  readonly form: PaymentFormFields;
  readonly draft: PaymentDraft;
  readonly choices: PaymentChoices;
  readonly areaRef: Ref<HTMLDivElement>;
  readonly keep: (checked: CheckedName) => void;
  /** What kept the name from being checked. */
  readonly problem: unknown;
}

/**
 * What was found out about the name in the form. The area is always there, so that screen readers say what comes into
 * it and the focus has somewhere to go.
 */
export function NameCheckArea({ form, draft, choices, areaRef, keep, problem }: NameCheckAreaProps) {
  const { t } = useTranslation('payment');
  const recipient = recipientOf(draft, choices);
  const checked = recipient && checkOf(draft, nameToCheck(recipient));
  const rename = useRename();
  const accept = (suggestedName: string): void => {
    if (checked === undefined) return;
    const accepted: CheckedName = { name: suggestedName, iban: checked.iban, result: 'match' };
    if (recipient?.kind === 'payee') {
      rename.mutate({ id: recipient.payee.id, name: suggestedName }, { onSuccess: () => keep(accepted) });
    } else {
      form.setFieldValue('name', suggestedName);
      keep(accepted);
    }
  };
  return (
    <div ref={areaRef} tabIndex={-1} role="status" className="quiet-focus said-here">
      {checked !== undefined && (
        <NameCheckNotice checked={checked} onAccept={accept} isAccepting={rename.isPending}>
          <Checkbox
            label={t('check.sure', { name: checked.name })}
            key={form.key('isSure')}
            {...form.getInputProps('isSure', { type: 'checkbox' })}
          />
        </NameCheckNotice>
      )}
      {rename.isError && <ProblemNotice error={rename.error} />}
      {problem !== undefined && <ProblemNotice error={problem} />}
    </div>
  );
}

/** A payee is called what its holder is called, from now on. */
function useRename() {
  const bank = useBank();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, name }: { readonly id: string; readonly name: string }) => renamePayee(bank, id, name),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['payees'] }),
  });
}
