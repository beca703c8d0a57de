import { answerOf } from '@florin/sdk';
import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../parts/dialog.tsx';
import { focusFirst } from '../../parts/focus-first.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { type AccountDialogProps, useAccountChange } from './account-dialog.ts';

const REASON_LENGTH_MIN = 3;
const REASON_LENGTH_MAX = 500;

/** Freezes an account: the one change its owner can make and not unmake, which is said before. */
export function FreezeDialog({ account, opened, onClose, onGone }: AccountDialogProps) {
  const { t } = useTranslation('account');
  return (
    <Dialog opened={opened} onClose={onClose} onGone={onGone} title={t('freezeTitle')}>
      <FreezeForm account={account} onClose={onClose} />
    </Dialog>
  );
}

function FreezeForm({ account, onClose }: Pick<AccountDialogProps, 'account' | 'onClose'>) {
  const { t } = useTranslation('account');
  const { t: shell } = useTranslation();
  const { api } = useBank();
  const freeze = useAccountChange(
    (reason: string) =>
      answerOf(api.POST('/v1/accounts/{id}/freeze', { params: { path: { id: account.id } }, body: { reason } })),
    onClose,
  );
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { reason: '' },
    validate: { reason: (text) => (oneLine(text).length < REASON_LENGTH_MIN ? t('reasonShort') : null) },
  });
  return (
    <form onSubmit={form.onSubmit(({ reason }) => freeze.mutate(oneLine(reason)), focusFirst(form))} noValidate>
      <Stack>
        {freeze.isError && <ProblemNotice error={freeze.error} />}
        <Text size="sm">{t('freezeText')}</Text>
        <Alert color="yellow" variant="outline">
          <Text size="sm">{t('freezeUndo')}</Text>
        </Alert>
        <Textarea
          label={t('reason')}
          description={t('reasonHint')}
          maxLength={REASON_LENGTH_MAX}
          rows={3}
          data-autofocus
          key={form.key('reason')}
          {...form.getInputProps('reason')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {shell('cancel')}
          </Button>
          <Button type="submit" color="red" loading={freeze.isPending}>
            {t('freezeSubmit')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** The bank keeps reasons as one line. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
