import type { Account } from '@florin/sdk';
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { freezeAccount, unfreezeAccount } from '../../api/staff-commands.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { focusFirst } from '../../parts/focus-first.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { oneLine, REASON_LENGTH_MAX, REASON_LENGTH_MIN } from './one-line.ts';
import { useAccountControl } from './use-account-control.ts';

type Action = 'freeze' | 'unfreeze';

interface FreezeDialogProps {
  readonly account: Account;
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onDone: (action: Action) => void;
}

/** Freezes an account, or lifts the freeze, for a reason that goes on record. */
export function FreezeDialog({ account, opened, onClose, onDone }: FreezeDialogProps) {
  const { t } = useTranslation('staffAccount');
  const [isBusy, setBusy] = useState(false);
  // What was begun is what is finished: the state behind the dialog changes the moment it is done.
  const [begun, setBegun] = useState<Action>();
  const action = begun ?? actionFor(account);
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      onGone={() => setBegun(undefined)}
      title={t(`${action}Title`)}
      isBusy={isBusy}
    >
      <FreezeForm
        accountId={account.id}
        action={action}
        onClose={onClose}
        onBusy={(busy) => {
          setBusy(busy);
          if (busy) setBegun(action);
        }}
        onDone={onDone}
      />
    </Dialog>
  );
}

function actionFor({ status }: Account): Action {
  return status === 'frozen' ? 'unfreeze' : 'freeze';
}

interface FreezeFormProps extends Pick<FreezeDialogProps, 'onClose' | 'onDone'> {
  readonly accountId: string;
  readonly action: Action;
  readonly onBusy: (isBusy: boolean) => void;
}

function FreezeForm({ accountId, action, onClose, onBusy, onDone }: FreezeFormProps) {
  const { t } = useTranslation('staffAccount');
  const { t: shell } = useTranslation();
  const change = useAccountControl(
    (bank, reason: string) => (action === 'freeze' ? freezeAccount : unfreezeAccount)(bank, accountId, reason),
    () => {
      onDone(action);
      onClose();
    },
  );
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { reason: '' },
    validate: { reason: (text) => (oneLine(text).length < REASON_LENGTH_MIN ? t('reasonShort') : null) },
  });
  const submit = form.onSubmit(({ reason }) => {
    onBusy(true);
    change.mutate(oneLine(reason), { onSettled: () => onBusy(false) });
  }, focusFirst(form));
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {change.isError && <ProblemNotice error={change.error} />}
        <Text size="sm">{t(`${action}Text`)}</Text>
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
          <Button variant="default" onClick={onClose} disabled={change.isPending}>
            {shell('cancel')}
          </Button>
          <Button type="submit" loading={change.isPending} {...(action === 'freeze' ? { color: 'red' } : {})}>
            {t(`${action}Submit`)}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
