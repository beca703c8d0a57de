import { ApiProblem, answerOf } from '@florin/sdk';
import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { LinkAnchor } from '../../parts/links.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { useInteraction } from './interaction.ts';
import { InteractionOver } from './interaction-over.tsx';
import { SignInFrame } from './sign-in-frame.tsx';

/** As the bank asks for it; it decides, this only saves a round trip. */
const PASSWORD_LENGTH_MIN = 12;

/** Which field a refusal is about. */
const FIELD_OF: Readonly<Record<string, 'email' | 'password'>> = {
  'invalid-email': 'email',
  'email-taken': 'email',
  'password-too-weak': 'password',
};

/** Becoming a customer; one is signed in right after. */
export function SignUpPage() {
  const { uid } = useParams({ from: '/sign-up/$uid' });
  const { t } = useTranslation('signIn');
  const interaction = useInteraction(useBank(), uid);
  if (interaction.isError) return <InteractionOver />;
  return (
    <SignInFrame title={t('signUpTitle')} lead={t('signUpText')}>
      <SignUpForm uid={uid} />
      <Text size="sm">
        {t('haveAccount')}{' '}
        <LinkAnchor to="/sign-in/$uid" params={{ uid }}>
          {t('signInInstead')}
        </LinkAnchor>
      </Text>
    </SignInFrame>
  );
}

interface SignUpFields {
  name: string;
  email: string;
  password: string;
}

function useSignUp(uid: string) {
  const { api } = useBank();
  const { t } = useTranslation('signIn');
  const form = useForm<SignUpFields>({
    mode: 'uncontrolled',
    initialValues: { name: '', email: '', password: '' },
    validate: {
      name: (text) => (text.trim() === '' ? t('nameMissing') : null),
      email: (text) => (text.trim() === '' ? t('emailMissing') : null),
      password: (text) => (text.length < PASSWORD_LENGTH_MIN ? t('passwordShort') : null),
    },
  });
  const submit = useMutation({
    mutationFn: (body: SignUpFields) =>
      answerOf(api.POST('/interaction/{uid}/sign-up', { params: { path: { uid } }, body })),
    onSuccess: ({ location }) => window.location.assign(location),
    onError(error) {
      const field = error instanceof ApiProblem ? FIELD_OF[error.code] : undefined;
      if (field !== undefined) form.setFieldError(field, error.message);
    },
  });
  return { form, submit };
}

function SignUpForm({ uid }: { readonly uid: string }) {
  const { t } = useTranslation('signIn');
  const { form, submit } = useSignUp(uid);
  const isAboutField = submit.error instanceof ApiProblem && FIELD_OF[submit.error.code] !== undefined;
  return (
    <form onSubmit={form.onSubmit((body) => submit.mutate(body))} noValidate>
      <Stack>
        {submit.isError && !isAboutField && <ProblemNotice error={submit.error} />}
        <TextInput
          label={t('name')}
          description={t('nameHint')}
          autoComplete="name"
          autoFocus
          maxLength={120}
          key={form.key('name')}
          {...form.getInputProps('name')}
        />
        <TextInput
          label={t('email')}
          type="email"
          autoComplete="email"
          maxLength={254}
          key={form.key('email')}
          {...form.getInputProps('email')}
        />
        <PasswordInput
          label={t('password')}
          description={t('passwordHint')}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t('showPassword'), tabIndex: 0 }}
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={submit.isPending || submit.isSuccess}>
          {t('signUpSubmit')}
        </Button>
      </Stack>
    </form>
  );
}
