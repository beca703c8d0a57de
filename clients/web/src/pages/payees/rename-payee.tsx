import type { Payee } from '@florin/sdk';
import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { renamePayee } from '../../api/payment-commands.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { NAME_LENGTH_MAX } from '../../payment/payment-search.ts';
import { readPerson } from '../../payment/read-payment.ts';
import { useBank } from '../../session/use-bank.ts';
import { usePayeeChange } from './use-payee-change.ts';

/** Calls a payee something else. */
export function RenamePayee({ payee, onDone }: { readonly payee: Payee; readonly onDone: (said: string) => void }) {
  const { t } = useTranslation(['payees', 'payment', 'shell']);
  const bank = useBank();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: payee.name },
    validate: {
      name: (name) => {
        const { name: error } = readPerson({ name, iban: payee.iban });
        return error === undefined ? null : t(`payment:error.${error}`);
      },
    },
  });
  const rename = usePayeeChange(
    (name: string) => renamePayee(bank, payee.id, name),
    ({ name }) => onDone(t('renamed', { name })),
  );
  return (
    <form onSubmit={form.onSubmit(({ name }) => rename.mutate(name.trim()))} noValidate>
      <Stack>
        {rename.isError && <ProblemNotice error={rename.error} />}
        <TextInput
          label={t('renameLabel')}
          description={t('renameHint')}
          autoComplete="off"
          maxLength={NAME_LENGTH_MAX}
          data-autofocus
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <Button type="submit" loading={rename.isPending}>
          {t('shell:save')}
        </Button>
      </Stack>
    </form>
  );
}
