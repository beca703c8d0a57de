import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { addPasskey } from '../../api/factor-queries.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { focusFirst } from '../../parts/focus-first.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { AuthenticatorRefused } from '../../passkey/ask-authenticator.ts';
import { useBank } from '../../session/use-bank.ts';
import type { FactorCardProps } from './factor-card.ts';
import { useFactorChange } from './use-factor-change.ts';

type AddPasskeyProps = Pick<FactorCardProps, 'onChanged'>;

/** As long as the bank keeps it. */
const NAME_LENGTH_MAX = 60;

/** Makes a passkey on this device, under a name. */
export function AddPasskey({ onChanged }: AddPasskeyProps) {
  const { t } = useTranslation('security');
  const [isOpen, dialog] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        {t('passkeyAdd')}
      </Button>
      <Dialog opened={isOpen} onClose={dialog.close} title={t('passkeyAddTitle')}>
        <AddForm onClose={dialog.close} onChanged={onChanged} />
      </Dialog>
    </>
  );
}

function AddForm({ onClose, onChanged }: AddPasskeyProps & { readonly onClose: () => void }) {
  const { t } = useTranslation('security');
  const { t: shell } = useTranslation();
  const bank = useBank();
  const adding = useFactorChange(
    (name: string) => addPasskey(bank, name),
    (recoveryCodes, name) => {
      onClose();
      onChanged({ text: t('passkeyAdded', { name }), recoveryCodes });
    },
  );
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: '' },
    validate: { name: (text) => (text.trim() === '' ? t('passkeyNameMissing') : null) },
  });
  return (
    <form onSubmit={form.onSubmit(({ name }) => adding.mutate(name.trim()), focusFirst(form))} noValidate>
      <Stack>
        {adding.isError && <AddProblem error={adding.error} />}
        <TextInput
          label={t('passkeyName')}
          description={t('passkeyNameHint')}
          autoComplete="off"
          maxLength={NAME_LENGTH_MAX}
          data-autofocus
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} disabled={adding.isPending}>
            {shell('cancel')}
          </Button>
          <Button type="submit" loading={adding.isPending}>
            {t('passkeyCreate')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

const REASONS = { cancelled: 'passkeyCancelled', 'known-here': 'passkeyKnown', 'not-here': 'passkeyNotHere' } as const;

function AddProblem({ error }: { readonly error: Error }) {
  const { t } = useTranslation('security');
  if (!(error instanceof AuthenticatorRefused)) return <ProblemNotice error={error} />;
  return (
    <Alert color="yellow" variant="outline" role="alert">
      {t(REASONS[error.reason])}
    </Alert>
  );
}
