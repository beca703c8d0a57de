import { Button } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { MessagePage } from '../../app/message-page.tsx';

/** After signing out, or when a sign-in came to nothing. */
export function SignedOutPage() {
  const { t } = useTranslation();
  const { reason } = useSearch({ from: '/signed-out' });
  const isFailure = reason === 'sign-in-failed';
  return (
    <MessagePage
      title={t(isFailure ? 'signInFailedTitle' : 'signedOutTitle')}
      text={t(isFailure ? 'signInFailedText' : 'signedOutText')}
      action={
        <Button component="a" href="/session/login">
          {t('signIn')}
        </Button>
      }
    />
  );
}
