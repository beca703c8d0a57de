import type { Challenge, Factors } from '@florin/sdk';
import { Alert, Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { myFactorsQuery } from '../api/factor-queries.ts';
import { confirmByCode, confirmByPasskey } from '../api/payment-commands.ts';
import { formatMoment } from '../format/dates.ts';
import { formatIban } from '../format/money.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { Amount } from '../parts/amount.tsx';
import { DataRegion } from '../parts/data-region.tsx';
import { Fact, Facts } from '../parts/facts.tsx';
import { focusFirst } from '../parts/focus-first.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { AuthenticatorRefused } from '../passkey/ask-authenticator.ts';
import { useBank } from '../session/use-bank.ts';
import { StepHeading } from './step-heading.tsx';

interface ConfirmStepProps {
  readonly intent: { readonly challenge: Challenge };
  readonly isFocused: boolean;
  readonly dispatch: (event: { kind: 'approved'; challengeId: string } | { kind: 'edited' }) => void;
}

/** What the bank is about to do, as the bank says it, and the second factor that lets it. */
export function ConfirmStep({ intent: { challenge }, isFocused, dispatch }: ConfirmStepProps) {
  const { t } = useTranslation(['payment', 'send']);
  const factors = useQuery(myFactorsQuery(useBank()));
  return (
    <Stack>
      <StepHeading isFocused={isFocused}>{t('confirm.title')}</StepHeading>
      <Text>{t('confirm.lead')}</Text>
      <Amount money={challenge.amount} className="amount large-amount" />
      <ChallengeFacts challenge={challenge} />
      <DataRegion query={factors} skeleton={<Skeleton h={120} />}>
        {(mine) => (
          <Ways
            challengeId={challenge.id}
            factors={mine}
            onConfirmed={() => dispatch({ kind: 'approved', challengeId: challenge.id })}
          />
        )}
      </DataRegion>
      <Group>
        <Button variant="default" onClick={() => dispatch({ kind: 'edited' })}>
          {t('confirm.edit')}
        </Button>
      </Group>
    </Stack>
  );
}

function ChallengeFacts({ challenge: { payee, expiresAt } }: { readonly challenge: Challenge }) {
  const { t } = useTranslation(['payment', 'send']);
  const locale = useLocale();
  return (
    <Facts>
      <Fact label={t('send:review.to')}>
        {payee.name !== null && <Text fw={600}>{payee.name}</Text>}
        <Text>{formatIban(payee.iban)}</Text>
      </Fact>
      <Fact label={t('confirm.until')}>{formatMoment(expiresAt, locale)}</Fact>
    </Facts>
  );
}

interface WayProps {
  readonly challengeId: string;
  readonly onConfirmed: () => void;
}

/** The ways one has, the easier first. */
function Ways({ factors, ...way }: WayProps & { readonly factors: Factors }) {
  const { t } = useTranslation('payment');
  const hasPasskey = factors.passkeys.length > 0;
  if (!hasPasskey && factors.totp === null) return <Text>{t('confirm.noFactor')}</Text>;
  return (
    <Stack gap="lg">
      {hasPasskey && <ByPasskey {...way} />}
      {factors.totp !== null && <ByCode {...way} isMain={!hasPasskey} />}
    </Stack>
  );
}

function ByPasskey({ challengeId, onConfirmed }: WayProps) {
  const { t } = useTranslation('payment');
  const bank = useBank();
  const signing = useMutation({ mutationFn: () => confirmByPasskey(bank, challengeId), onSuccess: onConfirmed });
  return (
    <Stack gap="sm" align="flex-start">
      {signing.isError && <PasskeyProblem error={signing.error} />}
      <Button
        leftSection={<KeyRound size={18} aria-hidden />}
        loading={signing.isPending || signing.isSuccess}
        onClick={() => signing.mutate()}
      >
        {t('confirm.passkey')}
      </Button>
    </Stack>
  );
}

function PasskeyProblem({ error }: { readonly error: Error }) {
  const { t } = useTranslation('payment');
  if (!(error instanceof AuthenticatorRefused)) return <ProblemNotice error={error} />;
  return (
    <Alert color="yellow" variant="outline" role="alert">
      {t(error.reason === 'not-here' ? 'confirm.passkeyNotHere' : 'confirm.passkeyCancelled')}
    </Alert>
  );
}

const SIX_DIGITS = /^\d{6}$/;

function ByCode({ challengeId, onConfirmed, isMain }: WayProps & { readonly isMain: boolean }) {
  const { t } = useTranslation('payment');
  const bank = useBank();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { code: '' },
    validate: { code: (text) => (SIX_DIGITS.test(text.replace(/\s/g, '')) ? null : t('confirm.codeShape')) },
  });
  const checking = useMutation({
    mutationFn: ({ code }: { code: string }) => confirmByCode(bank, challengeId, code.replace(/\s/g, '')),
    onSuccess: onConfirmed,
    onError: () => form.setFieldValue('code', ''),
  });
  return (
    <form onSubmit={form.onSubmit((typed) => checking.mutate(typed), focusFirst(form))} noValidate>
      <Stack gap="sm" align="flex-start">
        {checking.isError && <ProblemNotice error={checking.error} />}
        <TextInput
          label={t('confirm.code')}
          description={t('confirm.codeHint')}
          autoComplete="one-time-code"
          inputMode="numeric"
          spellCheck={false}
          maxLength={12}
          key={form.key('code')}
          {...form.getInputProps('code')}
        />
        <Button
          type="submit"
          variant={isMain ? 'filled' : 'default'}
          loading={checking.isPending || checking.isSuccess}
        >
          {t('confirm.submit')}
        </Button>
      </Stack>
    </form>
  );
}
