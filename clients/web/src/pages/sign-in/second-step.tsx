import { answerOf } from '@florin/sdk';
import { Anchor, Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { focusFirst } from '../../parts/focus-first.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { PasskeyButton } from './passkey-button.tsx';
import { SignInFrame } from './sign-in-frame.tsx';

export type SecondFactor = 'totp' | 'recovery-code' | 'passkey';

const LEADS = { totp: 'leadTotp', 'recovery-code': 'leadRecovery', passkey: 'leadPasskey' } as const;
const SWITCHES = { totp: 'useTotp', 'recovery-code': 'useRecovery', passkey: 'usePasskey' } as const;

interface SecondStepProps {
  readonly uid: string;
  /** What may complete the sign-in, the best first; at least one. */
  readonly factors: readonly SecondFactor[];
}

/** The second factor, after the password: whichever one has, the easiest offered first. */
export function SecondStep({ uid, factors }: SecondStepProps) {
  const { t } = useTranslation('secondStep');
  const [chosen, setChosen] = useState(factors[0] ?? 'totp');
  const others = factors.filter((factor) => factor !== chosen);
  return (
    <SignInFrame title={t('title')} lead={t(LEADS[chosen])}>
      {chosen === 'passkey' ? (
        <PasskeyButton uid={uid} label={t('usePasskey')} isMain />
      ) : (
        // Another kind of code is another form: nothing typed or said stays from the one before.
        <CodeForm key={chosen} uid={uid} kind={chosen} />
      )}
      <Stack gap="xs" align="flex-start" component="nav" aria-label={t('instead')}>
        {others.map((factor) => (
          <Anchor key={factor} component="button" type="button" underline="always" onClick={() => setChosen(factor)}>
            {t(SWITCHES[factor])}
          </Anchor>
        ))}
        <Anchor href="/session/login" underline="always">
          {t('startOver')}
        </Anchor>
      </Stack>
    </SignInFrame>
  );
}

const SIX_DIGITS = /^\d{6}$/;

function CodeForm({ uid, kind }: { readonly uid: string; readonly kind: 'totp' | 'recovery-code' }) {
  const { t } = useTranslation('secondStep');
  const { api } = useBank();
  const isTotp = kind === 'totp';
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { code: '' },
    validate: {
      code: (text) => {
        if (text.trim() === '') return t('codeMissing');
        return isTotp && !SIX_DIGITS.test(text.replace(/\s/g, '')) ? t('codeShape') : null;
      },
    },
  });
  const submit = useMutation({
    mutationFn: (body: { code: string }) =>
      answerOf(api.POST('/interaction/{uid}/code', { params: { path: { uid } }, body })),
    onSuccess: ({ location }) => window.location.assign(location),
    onError: () => form.setFieldValue('code', ''),
  });
  return (
    <form onSubmit={form.onSubmit((body) => submit.mutate(body), focusFirst(form))} noValidate>
      <Stack>
        {submit.isError && <ProblemNotice error={submit.error} />}
        <TextInput
          label={t(isTotp ? 'code' : 'recoveryCode')}
          description={t(isTotp ? 'codeHint' : 'recoveryHint')}
          autoComplete={isTotp ? 'one-time-code' : 'off'}
          inputMode={isTotp ? 'numeric' : 'text'}
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={40}
          autoFocus
          key={form.key('code')}
          {...form.getInputProps('code')}
        />
        <Button type="submit" loading={submit.isPending || submit.isSuccess}>
          {t('submit')}
        </Button>
      </Stack>
    </form>
  );
}
