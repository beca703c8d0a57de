import { Alert, Button, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { signInWithPasskey } from '../../api/factor-queries.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { AuthenticatorRefused } from '../../passkey/ask-authenticator.ts';
import { useBank } from '../../session/use-bank.ts';

interface PasskeyButtonProps {
  readonly uid: string;
  readonly label: string;
  readonly isMain?: boolean;
}

/** Signs in with a passkey: by itself before the password, as the second factor after it. */
export function PasskeyButton({ uid, label, isMain = false }: PasskeyButtonProps) {
  const bank = useBank();
  const signing = useMutation({
    mutationFn: () => signInWithPasskey(bank, uid),
    onSuccess: (location) => window.location.assign(location),
  });
  return (
    <Stack gap="sm">
      {signing.isError && <PasskeyProblem error={signing.error} />}
      <Button
        variant={isMain ? 'filled' : 'default'}
        leftSection={<KeyRound size={18} aria-hidden />}
        loading={signing.isPending || signing.isSuccess}
        onClick={() => signing.mutate()}
      >
        {label}
      </Button>
    </Stack>
  );
}

function PasskeyProblem({ error }: { readonly error: Error }) {
  const { t } = useTranslation('secondStep');
  if (!(error instanceof AuthenticatorRefused)) return <ProblemNotice error={error} />;
  return (
    <Alert color="yellow" variant="outline" role="alert">
      {t(error.reason === 'not-here' ? 'passkeyNotHere' : 'passkeyCancelled')}
    </Alert>
  );
}
