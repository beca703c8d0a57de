import { ApiProblem, answerOf } from '@florin/sdk';
import { Button, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { LinkButton } from '../../parts/links.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { SignInFrame } from '../sign-in/sign-in-frame.tsx';
import { useMailedToken } from './mailed-token.ts';

/** Where the link of the mail leads. It takes a press of a button: programs that look at mail follow links by themselves. */
export function ConfirmEmailPage() {
  const { t } = useTranslation('credentials');
  const { api } = useBank();
  const token = useMailedToken();
  const confirming = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/email-confirmations', { body: { token } })),
  });
  if (confirming.isSuccess) {
    return (
      <SignInFrame title={t('confirmedTitle')} lead={t('confirmedText')}>
        <Button component="a" href="/">
          {t('toBank')}
        </Button>
      </SignInFrame>
    );
  }
  const { error } = confirming;
  const isOver = error instanceof ApiProblem && (error.code === 'link-not-good' || error.code === 'invalid-request');
  if (token === '' || isOver) {
    return (
      <SignInFrame title={t('linkOverTitle')} lead={t('confirmOverText')}>
        <LinkButton to="/security">{t('toBank')}</LinkButton>
      </SignInFrame>
    );
  }
  return (
    <SignInFrame title={t('confirmTitle')} lead={t('confirmText')}>
      <Stack>
        {confirming.isError && <ProblemNotice error={confirming.error} />}
        <Button loading={confirming.isPending} onClick={() => confirming.mutate()}>
          {t('confirm')}
        </Button>
      </Stack>
    </SignInFrame>
  );
}
