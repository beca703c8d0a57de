import { answerOf } from '@florin/sdk';
import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkAnchor } from '../../parts/links.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { useInteraction } from './interaction.ts';
import { InteractionOver } from './interaction-over.tsx';
import { PasskeyButton } from './passkey-button.tsx';
import { type SecondFactor, SecondStep } from './second-step.tsx';
import { SignInFrame } from './sign-in-frame.tsx';

/** Name and password, for whichever client asked the issuer. */
export function SignInPage() {
  const { uid } = useParams({ from: '/sign-in/$uid' });
  const { t } = useTranslation('signIn');
  const { t: secondStep } = useTranslation('secondStep');
  const { t: credentials } = useTranslation('credentials');
  const interaction = useInteraction(useBank(), uid);
  const [awaited, setAwaited] = useState<readonly SecondFactor[]>();
  if (interaction.isError) return <InteractionOver />;
  const factors = awaited ?? interaction.data?.secondFactors ?? [];
  if (factors.length > 0) return <SecondStep uid={uid} factors={factors} />;
  const client = interaction.data?.client;
  return (
    <SignInFrame
      title={t('title')}
      lead={client === undefined || client.id === 'florin-web' ? undefined : t('forClient', { client: client.name })}
    >
      <SignInForm uid={uid} loginHint={interaction.data?.login ?? ''} onAwaited={setAwaited} />
      <LinkAnchor to="/forgot-password" size="sm">
        {credentials('forgot')}
      </LinkAnchor>
      <PasskeyButton uid={uid} label={secondStep('withPasskey')} />
      <Text size="sm">
        {t('noAccountYet')}{' '}
        <LinkAnchor to="/sign-up/$uid" params={{ uid }}>
          {t('signUpInstead')}
        </LinkAnchor>
      </Text>
    </SignInFrame>
  );
}

interface SignInFormProps {
  readonly uid: string;
  readonly loginHint: string;
  /** The password was right, and one of these is to follow. */
  readonly onAwaited: (factors: readonly SecondFactor[]) => void;
}

function SignInForm({ uid, loginHint, onAwaited }: SignInFormProps) {
  const { api } = useBank();
  const { t } = useTranslation('signIn');
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { login: '', password: '' },
    validate: {
      login: (text) => (text.trim() === '' ? t('loginMissing') : null),
      password: (text) => (text === '' ? t('passwordMissing') : null),
    },
  });
  const { getValues, setFieldValue } = form;
  // The hint comes a moment after the form; what was typed by then is better.
  useEffect(() => {
    if (loginHint !== '' && getValues().login === '') setFieldValue('login', loginHint);
  }, [loginHint, getValues, setFieldValue]);
  const submit = useMutation({
    mutationFn: (body: { login: string; password: string }) =>
      answerOf(api.POST('/interaction/{uid}', { params: { path: { uid } }, body })),
    onSuccess: (answer) => {
      if ('location' in answer) window.location.assign(answer.location);
      else onAwaited(answer.secondFactors);
    },
  });
  return (
    <form onSubmit={form.onSubmit((body) => submit.mutate(body))} noValidate>
      <Stack>
        {submit.isError && <ProblemNotice error={submit.error} />}
        <TextInput
          label={t('login')}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          key={form.key('login')}
          {...form.getInputProps('login')}
        />
        <PasswordInput
          label={t('password')}
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': t('showPassword'), tabIndex: 0 }}
          key={form.key('password')}
          {...form.getInputProps('password')}
        />
        <Button type="submit" loading={submit.isPending || submit.isSuccess}>
          {t('submit')}
        </Button>
      </Stack>
    </form>
  );
}
