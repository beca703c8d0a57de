import { answerOf } from '@florin/sdk';
import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { focusFirst } from '../../parts/focus-first.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { SignInFrame } from '../sign-in/sign-in-frame.tsx';

/** Asks for a link to a new password. What it says next is the same whoever has the address. */
export function ForgotPasswordPage() {
  const { t } = useTranslation('credentials');
  const { api } = useBank();
  const asking = useMutation({
    mutationFn: (body: { email: string }) => answerOf(api.POST('/v1/password-resets', { body })),
  });
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '' },
    validate: { email: (text) => (text.trim() === '' ? t('emailMissing') : null) },
  });
  if (asking.isSuccess) {
    return (
      <SignInFrame title={t('linkSentTitle')} lead={t('linkSentText')}>
        <Button component="a" href="/session/login">
          {t('toSignIn')}
        </Button>
      </SignInFrame>
    );
  }
  return (
    <SignInFrame title={t('forgotTitle')} lead={t('forgotText')}>
      <form onSubmit={form.onSubmit((body) => asking.mutate(body), focusFirst(form))} noValidate>
        <Stack>
          {asking.isError && <ProblemNotice error={asking.error} />}
          <TextInput
            label={t('email')}
            type="email"
            autoComplete="username"
            autoFocus
            maxLength={254}
            key={form.key('email')}
            {...form.getInputProps('email')}
          />
          <Button type="submit" loading={asking.isPending}>
            {t('sendLink')}
          </Button>
        </Stack>
      </form>
    </SignInFrame>
  );
}
