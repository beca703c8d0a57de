import { ApiProblem, answerOf } from '@florin/sdk';
import { Button, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { focusFirst } from '../../parts/focus-first.ts';
import { LinkButton } from '../../parts/links.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { SignInFrame } from '../sign-in/sign-in-frame.tsx';
import { useMailedToken } from './mailed-token.ts';
import { isAboutPassword, PASSWORD_LENGTH_MIN, PasswordField } from './new-password.tsx';

/** Where the link of the mail leads: a new password. */
export function ResetPasswordPage() {
  const { t } = useTranslation('credentials');
  const { api } = useBank();
  const token = useMailedToken();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { password: '' },
    validate: { password: (text) => (text.length < PASSWORD_LENGTH_MIN ? t('passwordShort') : null) },
  });
  const setting = useMutation({
    mutationFn: ({ password }: { password: string }) =>
      answerOf(api.POST('/v1/password-resets/complete', { body: { token, password } })),
    onError: (error) => isAboutPassword(error) && form.setFieldError('password', error.message),
  });
  if (setting.isSuccess) {
    return (
      <SignInFrame title={t('resetDoneTitle')} lead={t('resetDoneText')}>
        <Button component="a" href="/session/login">
          {t('toSignIn')}
        </Button>
      </SignInFrame>
    );
  }
  if (token === '' || isLinkOver(setting.error)) return <LinkOver />;
  return (
    <SignInFrame title={t('resetTitle')} lead={t('resetText')}>
      <form onSubmit={form.onSubmit((body) => setting.mutate(body), focusFirst(form))} noValidate>
        <Stack>
          {setting.isError && !isAboutPassword(setting.error) && <ProblemNotice error={setting.error} />}
          <PasswordField
            label={t('newPassword')}
            description={t('passwordHint')}
            autoComplete="new-password"
            autoFocus
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          <Button type="submit" loading={setting.isPending}>
            {t('setPassword')}
          </Button>
        </Stack>
      </form>
    </SignInFrame>
  );
}

/** The link was used, or is too old. A malformed one is no link of ours. */
function isLinkOver(error: unknown): boolean {
  return error instanceof ApiProblem && (error.code === 'link-not-good' || error.code === 'invalid-request');
}

function LinkOver() {
  const { t } = useTranslation('credentials');
  return (
    <SignInFrame title={t('linkOverTitle')} lead={t('linkOverText')}>
      <LinkButton to="/forgot-password">{t('askAgain')}</LinkButton>
    </SignInFrame>
  );
}
