import { answerOf } from '@florin/sdk';
import { Alert, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LinkAnchor } from '../../parts/links.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { useInteraction } from './interaction.ts';
import { InteractionOver } from './interaction-over.tsx';
import type { Provider } from './other-ways.tsx';
import { PasskeyButton } from './passkey-button.tsx';
import { type SecondFactor, SecondStep } from './second-step.tsx';
import { SignInFrame } from './sign-in-frame.tsx';

/** Most banks have none. */
const OtherWays = lazy(async () => ({ default: (await import('./other-ways.tsx')).OtherWays }));

/** Name and password, for whichever client asked the issuer. */
export function SignInPage() {
  const { uid } = useParams({ from: '/sign-in/$uid' });
  const { t } = useTranslation('signIn');
  const { t: secondStep } = useTranslation('secondStep');
  const { t: credentials } = useTranslation('credentials');
  const interaction = useInteraction(useBank(), uid);
  const [awaited, setAwaited] = useState<readonly SecondFactor[]>();
  const [chosen, setChosen] = useState<Provider>();
  if (interaction.isError) return <InteractionOver />;
  const factors = awaited ?? interaction.data?.secondFactors ?? [];
  if (factors.length > 0) return <SecondStep uid={uid} factors={factors} />;
  const client = interaction.data?.client;
  const providers = interaction.data?.providers ?? [];
  const forClient =
    client === undefined || client.id === 'florin-web' ? undefined : t('forClient', { client: client.name });
  return (
    <SignInFrame title={t('title')} lead={chosen === undefined ? forClient : t('atProvider', { name: chosen.name })}>
      <CameBack />
      <SignInForm
        key={chosen?.id ?? ''}
        uid={uid}
        loginHint={interaction.data?.login ?? ''}
        provider={chosen?.id}
        onAwaited={setAwaited}
      />
      {providers.length > 0 && (
        <Suspense>
          <OtherWays uid={uid} providers={providers} chosen={chosen?.id} onChoose={setChosen} />
        </Suspense>
      )}
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

/** What came of a sign-in at another issuer, when nothing did. */
function CameBack() {
  const { t } = useTranslation('signIn');
  const problem = new URLSearchParams(window.location.search).get('problem');
  if (problem === null) return null;
  const text =
    problem === 'email-taken'
      ? 'emailTakenHere'
      : problem === 'provider-unavailable'
        ? 'providerAway'
        : 'notByProvider';
  return (
    <Alert color="yellow" variant="outline" role="alert">
      {t(text)}
    </Alert>
  );
}

interface SignInFormProps {
  readonly uid: string;
  readonly loginHint: string;
  /** Whose password is asked for; this bank's when undefined. */
  readonly provider: string | undefined;
  /** The password was right, and one of these is to follow. */
  readonly onAwaited: (factors: readonly SecondFactor[]) => void;
}

function SignInForm({ uid, loginHint, provider, onAwaited }: SignInFormProps) {
  const { api } = useBank();
  const { t } = useTranslation('signIn');
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { login: '', password: '' },
    validate: {
      login: (text) => (text.trim() === '' ? t(provider === undefined ? 'loginMissing' : 'loginThereMissing') : null),
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
      answerOf(
        api.POST('/interaction/{uid}', {
          params: { path: { uid } },
          body: { ...body, ...(provider === undefined ? {} : { provider }) },
        }),
      ),
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
          label={t(provider === undefined ? 'login' : 'loginThere')}
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
