import { ApiProblem, answerOf } from '@florin/sdk';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { mySessionsQuery } from '../../api/profile-queries.ts';
import { Card } from '../../parts/card.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { focusFirst } from '../../parts/focus-first.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { isAboutPassword, PASSWORD_LENGTH_MIN, PasswordField } from '../credentials/new-password.tsx';

interface Said {
  readonly onSaid: (text: string) => void;
}

/** The password, and how to change it. */
export function PasswordCard({ onSaid }: Said) {
  const { t } = useTranslation('credentials');
  const [isOpen, dialog] = useDisclosure();
  return (
    <Card title={t('password')}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{t('passwordText')}</Text>
        <Button variant="default" onClick={dialog.open}>
          {t('changePassword')}
        </Button>
      </Stack>
      <Dialog opened={isOpen} onClose={dialog.close} title={t('changePassword')}>
        <PasswordForm onSaid={onSaid} onClose={dialog.close} />
      </Dialog>
    </Card>
  );
}

interface Passwords {
  presentPassword: string;
  password: string;
}

function usePasswordChange(onDone: () => void) {
  const { t } = useTranslation('credentials');
  const bank = useBank();
  const queries = useQueryClient();
  const form = useForm<Passwords>({
    mode: 'uncontrolled',
    initialValues: { presentPassword: '', password: '' },
    validate: {
      presentPassword: (text) => (text === '' ? t('presentMissing') : null),
      password: (text) => (text.length < PASSWORD_LENGTH_MIN ? t('passwordShort') : null),
    },
  });
  const changing = useMutation({
    mutationFn: (body: Passwords) => answerOf(bank.api.PUT('/v1/me/password', { body })),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: mySessionsQuery(bank).queryKey });
      onDone();
    },
    onError(error) {
      const field = fieldOf(error);
      if (field !== undefined) form.setFieldError(field, error.message);
    },
  });
  return { form, changing };
}

function fieldOf(error: unknown): keyof Passwords | undefined {
  if (isAboutPassword(error)) return 'password';
  return error instanceof ApiProblem && error.code === 'wrong-password' ? 'presentPassword' : undefined;
}

function PasswordForm({ onSaid, onClose }: Said & { readonly onClose: () => void }) {
  const { t } = useTranslation('credentials');
  const { t: shell } = useTranslation();
  const { form, changing } = usePasswordChange(() => {
    onSaid(t('passwordChanged'));
    onClose();
  });
  return (
    <form onSubmit={form.onSubmit((body) => changing.mutate(body), focusFirst(form))} noValidate>
      <Stack>
        {changing.isError && fieldOf(changing.error) === undefined && <ProblemNotice error={changing.error} />}
        <PasswordField
          label={t('presentPassword')}
          autoComplete="current-password"
          data-autofocus
          key={form.key('presentPassword')}
          {...form.getInputProps('presentPassword')}
        />
        <PasswordField
          label={t('newPassword')}
          description={t('passwordHint')}
          autoComplete="new-password"
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {shell('cancel')}
          </Button>
          <Button type="submit" loading={changing.isPending}>
            {t('changePassword')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
