import { answerOf } from '@florin/sdk';
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../parts/dialog.tsx';
import { focusFirst } from '../../parts/focus-first.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { type AccountDialogProps, useAccountChange } from './account-dialog.ts';

/** As long as the bank keeps it. */
const NAME_LENGTH_MAX = 60;

/** Gives an account the name its owner knows it by. */
export function RenameDialog({ account, opened, onClose, onGone }: AccountDialogProps) {
  const { t } = useTranslation('account');
  return (
    <Dialog opened={opened} onClose={onClose} onGone={onGone} title={t('renameTitle')}>
      <RenameForm account={account} onClose={onClose} />
    </Dialog>
  );
}

function RenameForm({ account, onClose }: Pick<AccountDialogProps, 'account' | 'onClose'>) {
  const { t } = useTranslation('account');
  const { t: shell } = useTranslation();
  const { api } = useBank();
  const rename = useAccountChange(
    (name: string) =>
      answerOf(api.PATCH('/v1/accounts/{id}', { params: { path: { id: account.id } }, body: { name: name.trim() } })),
    onClose,
  );
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: account.name },
    validate: { name: (text) => (text.trim() === '' ? t('nameMissing') : null) },
  });
  return (
    <form onSubmit={form.onSubmit(({ name }) => rename.mutate(name), focusFirst(form))} noValidate>
      <Stack>
        {rename.isError && <ProblemNotice error={rename.error} />}
        <TextInput
          label={t('name')}
          description={t('nameHint')}
          maxLength={NAME_LENGTH_MAX}
          autoComplete="off"
          data-autofocus
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {shell('cancel')}
          </Button>
          <Button type="submit" loading={rename.isPending}>
            {shell('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
