import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { renameMe } from '../../api/profile-queries.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { focusFirst } from '../../parts/focus-first.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank, useHasRole } from '../../session/use-bank.ts';

/** As long as the bank keeps it. */
const NAME_LENGTH_MAX = 120;

interface RenameDialogProps {
  readonly name: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onRenamed: () => void;
}

/** Changes what one is called. */
export function RenameDialog({ name, opened, onClose, onRenamed }: RenameDialogProps) {
  const { t } = useTranslation('profile');
  return (
    <Dialog opened={opened} onClose={onClose} title={t('renameTitle')}>
      <RenameForm name={name} onClose={onClose} onRenamed={onRenamed} />
    </Dialog>
  );
}

function RenameForm({ name, onClose, onRenamed }: Omit<RenameDialogProps, 'opened'>) {
  const { t } = useTranslation('profile');
  const { t: shell } = useTranslation();
  const bank = useBank();
  const isCustomer = useHasRole('customer');
  const renaming = useMutation({
    mutationFn: (wanted: string) => renameMe(bank, wanted),
    onSuccess() {
      onRenamed();
      onClose();
    },
  });
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name },
    validate: { name: (text) => (text.trim() === '' ? t('nameMissing') : null) },
  });
  return (
    <form onSubmit={form.onSubmit((values) => renaming.mutate(values.name.trim()), focusFirst(form))} noValidate>
      <Stack>
        {renaming.isError && <ProblemNotice error={renaming.error} />}
        <TextInput
          label={t('name')}
          description={t(isCustomer ? 'nameHint' : 'nameHintStaff')}
          autoComplete="name"
          maxLength={NAME_LENGTH_MAX}
          data-autofocus
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {shell('cancel')}
          </Button>
          <Button type="submit" loading={renaming.isPending}>
            {shell('save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
