import { Center, Loader } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { signInAddress } from '../session/session.ts';
import { useSession } from '../session/use-bank.ts';

/** Shows its children to whoever is signed in, and sends everyone else to sign in and back. */
export function NeedsSignIn({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const { kind } = useSession();
  const isOut = kind === 'signed-out';
  useEffect(() => {
    if (isOut) window.location.assign(signInAddress(window.location.pathname + window.location.search));
  }, [isOut]);
  if (kind === 'signed-in' || kind === 'expired') return children;
  return (
    <Center h="100vh">
      <Loader aria-label={t('loading')} />
    </Center>
  );
}
